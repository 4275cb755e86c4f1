/**
 * The embedded database cannot be opened, for a reason the operator can mend.
 *
 * `message` is one sentence saying what is wrong, where, and what to do: print it without a stack.
 */
export class CannotOpen extends Error {
  override name = 'CannotOpen'
}

/** The code of a failed system call such as `ENOENT`; null when the error is of another kind. */
export function systemErrorCode(error: unknown): string | null {
  if (!(error instanceof Error) || !('code' in error)) return null
  return typeof error.code === 'string' && /^E[A-Z0-9]+$/.test(error.code) ? error.code : null
}
