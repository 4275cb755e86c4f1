import pino, { type DestinationStream, type Level, type Logger } from 'pino'

/**
 * The counter's log: one line of JSON each. Members named like keys or like what guests told us
 * about themselves are blanked wherever they stand, so that a fault's facts show none of them.
 */
export function openLog(level: Level | 'silent', destination: DestinationStream): Logger {
  return pino(
    {
      level,
      base: null,
      formatters: { log: (members) => blanked(members, 0) as Record<string, unknown> },
      serializers: { err: (error) => error },
    },
    destination,
  )
}

const secretNames = new Set(
  [
    // Keys and what proves a caller.
    ...['authorization', 'x-pch-digest', 'token', 'btoken', 'authentication_token'],
    ...['business_key', 'location_key', 'admin_key', 'client', 'client_secret', 'secret'],
    ...['access_token', 'refresh_token', 'password', 'password_confirmation', 'password_hash'],
    ...['secret_key', 'database_url', 'code_hash', 'cookie'],
    // Guests' contact data.
    ...['email', 'phone', 'first_name', 'last_name', 'birthday', 'anniversary', 'gender'],
    ...['card_number', 'address', 'address_line1', 'city', 'zip_code', 'recipient', 'profile'],
    ...['user_as_qrcode', 'single_scan_code', 'identifiers', 'identity'],
  ].map(folded),
)

const depthMax = 8

function blanked(value: unknown, depth: number): unknown {
  if (typeof value !== 'object' || value === null) return value
  if (depth === depthMax) return '…'
  if (value instanceof Error) return blankedError(value, depth)
  if (value instanceof Date || Buffer.isBuffer(value)) return String(value)
  if (Array.isArray(value)) return value.map((member) => blanked(member, depth + 1))
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [
      name,
      secretNames.has(folded(name)) ? '[redacted]' : blanked(member, depth + 1),
    ]),
  )
}

// A database's `detail` quotes the row it refused, so only what is named here is shown.
function blankedError(error: Error, depth: number): unknown {
  const { facts, code, constraint } = error as {
    facts?: unknown
    code?: string
    constraint?: string
  }
  return {
    type: error.name,
    message: error.message,
    stack: error.stack,
    ...(code === undefined ? {} : { code }),
    ...(constraint === undefined ? {} : { constraint }),
    ...(facts === undefined ? {} : { facts: blanked(facts, depth + 1) }),
    ...(error.cause === undefined ? {} : { cause: blanked(error.cause, depth + 1) }),
  }
}

function folded(name: string): string {
  return name.toLowerCase().replace(/[_-]/g, '')
}
