import pg from 'pg'
import { DestinationFailed, DestinationRefused } from '../destination.ts'
import type { Use } from './connection.ts'

type Place = { where: string; schema: string; use: Use }

/**
 * The sentence for what a person can mend: an address, a password, a right, a server that is down.
 * Null for anything else.
 */
export function refusalOf(error: unknown, place: Place): DestinationRefused | null {
  if (error instanceof DestinationRefused) return error
  if (error instanceof DestinationFailed) return null
  const sentence =
    error instanceof pg.DatabaseError ? ofServer(error, place) : ofNetwork(error, place)
  return sentence === null ? null : new DestinationRefused(sentence)
}

function ofServer(error: pg.DatabaseError, { where, schema, use }: Place): string | null {
  switch (error.code) {
    case '28P01':
    case '28000':
      return `${where} refuses this user or password (${error.message}); mend the URL.`
    case '3D000':
      return `${where} has no such database; make it, or mend the URL.`
    case '42501':
      return (
        `${where} does not let this user ${rights[use].act} in schema ${schema} (${error.message}); ` +
        `grant it ${rights[use].granted} there, or name another schema.`
      )
    case '53300':
      return `${where} has no connection left; close others, or raise max_connections.`
    case '55P03':
      return `${where} has a table locked by somebody else; try again when that has ended.`
    case '57P03':
      return `${where} is starting or stopping; try again in a moment.`
    default:
      return null
  }
}

const rights: Readonly<Record<Use, { act: string; granted: string }>> = {
  reading: { act: 'read the table sync_state', granted: 'usage and select' },
  writing: { act: 'make tables', granted: 'create and usage' },
}

const networkCodes = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOENT',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EPIPE',
  'ETIMEDOUT',
])

function ofNetwork(error: unknown, { where }: Pick<Place, 'where'>): string | null {
  // Several addresses that all refuse come as one error without words of its own.
  if (error instanceof AggregateError) return ofNetwork(error.errors[0], { where })
  if (!isOfNetwork(error)) return null
  return `${where} cannot be reached (${error.message}); start it, or mend the URL.`
}

/** Whether it is about the way to a server, and not from one. */
export function isOfNetwork(error: unknown): error is Error {
  if (!(error instanceof Error)) return false
  const code = 'code' in error ? String(error.code) : ''
  return networkCodes.has(code) || /timeout|terminated|SASL|SSL/i.test(error.message)
}
