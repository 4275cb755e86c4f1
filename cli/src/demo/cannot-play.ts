/** The demo cannot go on, for a reason that `message`, a sentence, tells. */
export class CannotPlay extends Error {
  override name = 'CannotPlay'
}
