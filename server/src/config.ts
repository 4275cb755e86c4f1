import { isAbsolute, resolve } from 'node:path'

/** What a setting's text means: its value, or what would have been allowed. */
type Parsed<Value> = { value: Value } | { allowed: string }

type Setting<Value> = {
  /** The environment variable. */
  variable: string
  /** The option of `regulars up` that wins over it; null when there is none. */
  option: string | null
  /** As text; null when it has no value unless one is given. */
  byDefault: string | null
  description: string
  /** Its text is never repeated. */
  secret?: true
  parse(text: string): Parsed<Value>
}

/** Everything about a running counter that can be set, as docs/reference/configuration.md lists it. */
export const settings = {
  port: setting({
    variable: 'REGULARS_PORT',
    option: '--port',
    byDefault: '8080',
    description: 'The port it listens on. 0 lets the system choose a free one.',
    parse: wholeNumber({ from: 0, to: 65_535 }),
  }),
  host: setting({
    variable: 'REGULARS_HOST',
    option: '--host',
    byDefault: '127.0.0.1',
    description: 'The address it listens on. `0.0.0.0` is every address of the machine.',
    parse: anyText('a host name or an address'),
  }),
  data: setting({
    variable: 'REGULARS_DATA',
    option: '--data',
    byDefault: './regulars-data',
    description:
      'The folder of the embedded database and of the key file. `memory` is a temporary folder that is removed at the end.',
    parse: (given) =>
      given === ''
        ? { allowed: 'a folder, or memory' }
        : { value: given === 'memory' || isAbsolute(given) ? given : resolve(given) },
  }),
  databaseUrl: setting({
    variable: 'DATABASE_URL',
    option: null,
    byDefault: null,
    description:
      'A Postgres 15 or later to use in the place of the embedded one: `postgresql://user:password@host:5432/database`.',
    secret: true,
    parse: (given) =>
      /^postgres(ql)?:\/\/./.test(given)
        ? { value: given }
        : { allowed: 'an address that begins with postgresql://' },
  }),
  secretKey: setting({
    variable: 'REGULARS_SECRET_KEY',
    option: null,
    byDefault: null,
    description:
      'The key that client secrets are encrypted with: 32 bytes in base64 or hex (`openssl rand -base64 32`). Without it one is made and kept in the data folder; with DATABASE_URL it must be set, the same for every server.',
    secret: true,
    parse: secretKey,
  }),
  trustProxy: setting({
    variable: 'REGULARS_TRUST_PROXY',
    option: '--trust-proxy',
    byDefault: 'false',
    description:
      'Behind a proxy: callers are told apart by X-Forwarded-For. Only set it when every request comes through the proxy.',
    parse: flag,
  }),
  smtpUrl: setting({
    variable: 'REGULARS_SMTP_URL',
    option: null,
    byDefault: null,
    description:
      'The mail server that one-time codes are sent by: `smtps://user:password@mail.example:465`, or `smtp://` for STARTTLS.',
    secret: true,
    parse: (given) =>
      /^smtps?:\/\/./.test(given)
        ? { value: given }
        : { allowed: 'an address that begins with smtp:// or smtps://' },
  }),
  mailFrom: setting({
    variable: 'REGULARS_MAIL_FROM',
    option: null,
    byDefault: null,
    description: 'The sender of e-mails: `Harbor Coffee <codes@harbor.example>`.',
    parse: (given) =>
      /^[^\r\n]*[^\s@<>]+@[^\s@<>]+>?$/.test(given)
        ? { value: given }
        : { allowed: 'an e-mail address, with or without a name before it' },
  }),
  smsWebhookUrl: setting({
    variable: 'REGULARS_SMS_WEBHOOK_URL',
    option: null,
    byDefault: null,
    description:
      'Where text messages are posted as `{ "to", "text", "message_id" }`, for your gateway to send.',
    parse: (given) =>
      URL.canParse(given) && /^https?:\/\//.test(given)
        ? { value: given }
        : { allowed: 'an address that begins with https:// or http://' },
  }),
  smsWebhookSecret: setting({
    variable: 'REGULARS_SMS_WEBHOOK_SECRET',
    option: null,
    byDefault: null,
    description: 'What comes with each text message as its bearer token.',
    secret: true,
    parse: (given) => ({ value: given }),
  }),
  logLevel: setting({
    variable: 'REGULARS_LOG_LEVEL',
    option: null,
    byDefault: 'info',
    description:
      'What is logged: `debug` adds a line for each request; keys and contact data are never logged.',
    parse: oneOf(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']),
  }),
  databaseConnections: setting({
    variable: 'REGULARS_DATABASE_CONNECTIONS',
    option: null,
    byDefault: '16',
    description: 'The most connections to the database.',
    parse: wholeNumber({ from: 2, to: 500 }),
  }),
  preparedStatements: setting({
    variable: 'REGULARS_PREPARED_STATEMENTS',
    option: null,
    byDefault: 'true',
    description:
      'Set it to `false` behind a pooler that cannot keep prepared statements apart, such as PgBouncer before 1.21.',
    parse: flag,
  }),
} as const

export type SettingName = keyof typeof settings

/** Every setting's value; null when it has none. */
export type Config = {
  -readonly [Name in SettingName]:
    | Extract<ReturnType<(typeof settings)[Name]['parse']>, { value: unknown }>['value']
    | ((typeof settings)[Name]['byDefault'] extends string ? never : null)
}

export type ReadConfig =
  | { kind: 'read'; config: Config }
  | { kind: 'refused'; problems: readonly string[] }

/**
 * Reads the environment once. `options` are those of the command line, and win: a folder that is
 * named there is also the database, whatever DATABASE_URL says. Refused with every problem at once.
 */
export function readConfig(
  variables: Environment,
  options: Readonly<Partial<Record<SettingName, string>>> = {},
): ReadConfig {
  const environment =
    options.data === undefined ? variables : { ...variables, [settings.databaseUrl.variable]: '' }
  const names = Object.keys(settings) as SettingName[]
  const read = readSettings(names, environment, options)
  const problems = read.kind === 'refused' ? [...read.problems] : []
  const hasKey = given(environment, settings.secretKey) !== null
  if (given(environment, settings.databaseUrl) !== null && !hasKey) {
    problems.push(
      `${settings.secretKey.variable}: found nothing; with ${settings.databaseUrl.variable} it must ` +
        'be set, the same for every server on that database (openssl rand -base64 32).',
    )
  }
  for (const [one, other] of pairs) {
    const [hasOne, hasOther] = [one, other].map((each) => given(environment, each) !== null)
    if (hasOne === hasOther) continue
    const [set, missing] = hasOne ? [one, other] : [other, one]
    problems.push(`${missing.variable}: found nothing; with ${set.variable} it must be set.`)
  }
  return read.kind === 'refused' || problems.length > 0 ? { kind: 'refused', problems } : read
}

/** The same for some of the settings, each by itself. */
export function readSettings<Name extends SettingName>(
  names: readonly Name[],
  environment: Environment,
  options: Readonly<Partial<Record<SettingName, string>>> = {},
): { kind: 'read'; config: Pick<Config, Name> } | Extract<ReadConfig, { kind: 'refused' }> {
  const problems: string[] = []
  const values = names.map((name) => {
    const one: Setting<unknown> = settings[name]
    const option = options[name]
    const text = option ?? given(environment, one) ?? one.byDefault
    if (text === null) return [name, null]
    const parsed = one.parse(text.trim())
    if ('value' in parsed) return [name, parsed.value]
    const where = option === undefined ? one.variable : (one.option ?? one.variable)
    const found = one.secret === true ? 'something else' : JSON.stringify(text)
    problems.push(`${where}: found ${found}; allowed is ${parsed.allowed}.`)
    return [name, null]
  })
  if (problems.length > 0) return { kind: 'refused', problems }
  return { kind: 'read', config: Object.fromEntries(values) as Pick<Config, Name> }
}

type Environment = Readonly<Record<string, string | undefined>>

/** Settings that say nothing without each other. */
const pairs = [
  [settings.smtpUrl, settings.mailFrom],
  [settings.smsWebhookUrl, settings.smsWebhookSecret],
] as const

/** A variable's text; null when it is empty or not set. */
function given(
  environment: Readonly<Record<string, string | undefined>>,
  { variable }: Pick<Setting<unknown>, 'variable'>,
): string | null {
  const value = environment[variable]
  return value === undefined || value.trim() === '' ? null : value
}

function setting<const Row extends Setting<unknown>>(row: Row): Row {
  return row
}

function anyText(allowed: string) {
  return (given: string): Parsed<string> => (given === '' ? { allowed } : { value: given })
}

function wholeNumber({ from, to }: { from: number; to: number }) {
  return (given: string): Parsed<number> => {
    const value = /^\d{1,9}$/.test(given) ? Number(given) : Number.NaN
    return value >= from && value <= to
      ? { value }
      : { allowed: `a whole number from ${from} to ${to}` }
  }
}

function flag(given: string): Parsed<boolean> {
  if (['true', '1', 'yes', 'on'].includes(given.toLowerCase())) return { value: true }
  if (['false', '0', 'no', 'off'].includes(given.toLowerCase())) return { value: false }
  return { allowed: 'true or false' }
}

function oneOf<const Value extends string>(values: readonly Value[]) {
  return (given: string): Parsed<Value> => {
    const value = values.find((one) => one === given.toLowerCase())
    return value === undefined ? { allowed: `one of ${values.join(', ')}` } : { value }
  }
}

const keyBytes = 32

/** 32 bytes in hex or base64, of either alphabet. */
export function secretKey(given: string): Parsed<Buffer> {
  const key = /^[0-9a-f]{64}$/i.test(given) ? Buffer.from(given, 'hex') : fromBase64(given)
  return key !== null && key.length === keyBytes
    ? { value: key }
    : { allowed: `${keyBytes} bytes in base64 or hex (openssl rand -base64 32)` }
}

function fromBase64(given: string): Buffer | null {
  return /^[A-Za-z0-9+/_-]+={0,2}$/.test(given) ? Buffer.from(given, 'base64') : null
}
