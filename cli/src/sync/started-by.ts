import { userInfo } from 'node:os'

/**
 * The account that a run is recorded as started by. A container may run under a number that has no
 * name there: `uid 45678`.
 */
export function startedBy(user: () => { username: string } = userInfo): string {
  try {
    return user().username
  } catch {
    return `uid ${process.getuid?.() ?? 'unknown'}`
  }
}
