/**
 * States what must be true if our own code is right; throws a fault when it is not.
 * Never used on what a guest, a till or an operator sent: that is refused, not asserted.
 */
export function assert(
  condition: boolean,
  message: string,
  facts: Record<string, unknown> = {},
): asserts condition {
  if (condition) return
  throw new Fault(message, facts)
}

/** A bug of ours or a broken dependency. Thrown, caught once at the edge, logged whole. */
export class Fault extends Error {
  readonly facts: Record<string, unknown>

  constructor(message: string, facts: Record<string, unknown> = {}) {
    super(message)
    this.name = 'Fault'
    this.facts = facts
  }
}

/** For the `default` of a switch over a union: does not compile while a case is missing. */
export function unreachable(value: never): never {
  throw new Fault('a case nobody listed', { value })
}
