import { createHash } from 'node:crypto'

/** Tells a retry from another request: of the parsed request, so that `1` and `"1"` are one. */
export function fingerprintOf(request: unknown): string {
  return createHash('sha256').update(JSON.stringify(request)).digest('hex')
}
