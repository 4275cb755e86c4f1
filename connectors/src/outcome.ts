/**
 * What is done about a reply or a fault, decided by the source from what its vendor publishes.
 *
 * `again`: after a wait that grows, or the one the vendor named, within the budget. `restart`: the
 * walk over pages begins anew, bounded. `log-in`: with a new token, once. `narrow`: the window was
 * refused; half of it may pass. `set-aside`: this reading is given up until the next sync.
 * `blocked`: this stream of this location may not be read now. `location-gone`: nothing of this
 * location may. `absent`: there is no such thing, which calls that
 * may be absent take for nothing. `stop`: nothing more is sent to anyone.
 */
export type Verdict =
  | { do: 'use' }
  | { do: 'again'; waitMs: number | null }
  | { do: 'restart' }
  | { do: 'log-in' }
  | { do: 'narrow' }
  | { do: 'set-aside' }
  | { do: 'blocked' }
  | { do: 'location-gone' }
  | { do: 'absent' }
  | { do: 'stop' }

/** A reply as a source judges it. */
export type Judged = { status: number; headers: Readonly<Record<string, string>>; text: string }

/** The reasons a reading ended without its rows, for the report and the exit code. */
export class ReadingFailed extends Error {
  readonly verdict: Verdict['do']
  constructor(verdict: Verdict['do'], message: string) {
    super(message)
    this.verdict = verdict
  }
}
