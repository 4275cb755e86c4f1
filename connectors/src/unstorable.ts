/** A record that cannot become rows. The message names table and column, never the value. */
export class Unstorable extends Error {
  /** The record's id where one could be read. */
  readonly id: string | null
  constructor(message: string, id: string | null) {
    super(message)
    this.id = id
  }
}
