/**
 * The counter cannot start, for a reason the operator can mend.
 *
 * `message` says what is wrong and what to do, in a sentence or a line for each problem: print it
 * without a stack.
 */
export class CannotStart extends Error {
  override name = 'CannotStart'
}
