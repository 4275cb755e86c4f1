import pg from 'pg'
import { DestinationFailed } from '../destination.ts'
import { isOfNetwork } from './postgres-refusal.ts'

/** Of a Postgres that was reached: `lost` is what ended the connection since, if it was ended. */
type Under = { where: string; lost: Error | null }

/** The sentence for what can befall a Postgres under way. Null for anything else. */
export function failureOf(error: unknown, { where, lost }: Under): DestinationFailed | null {
  if (error instanceof DestinationFailed) return error
  const cause = lost ?? (endsConnection(error) ? error : null)
  if (cause !== null) {
    return failed(
      `${where} broke the connection (${cause.message})`,
      'start the same command again when it can be reached',
    )
  }
  const code = error instanceof pg.DatabaseError ? (error.code ?? '') : ''
  const known = byCode[code]
  return known === undefined ? null : failed(`${where} ${known.what}`, known.next)
}

function failed(what: string, next: string): DestinationFailed {
  return new DestinationFailed(
    `${what}. Nothing is lost: what was written stands, and the rest is read again; ${next}.`,
  )
}

const again = 'start the same command again'

const byCode: Readonly<Record<string, { what: string; next: string }>> = {
  '25006': { what: 'lets nobody write now', next: `${again} when it does` },
  '53100': { what: 'has no space left', next: `make room, then ${again}` },
  '53200': { what: 'has no memory left', next: `${again} when it has` },
  '55P03': { what: 'has a table locked by somebody else', next: `${again} when that has ended` },
  '57014': {
    what: 'gave up a statement that took too long',
    next: `${again} when it is less busy`,
  },
}

/** Class 08 is of connections; the others a server says that stops or starts. */
const endings = /^(08...|57P0[1-5])$/

function endsConnection(error: unknown): error is Error {
  if (error instanceof pg.DatabaseError) return endings.test(error.code ?? '')
  return isOfNetwork(error)
}
