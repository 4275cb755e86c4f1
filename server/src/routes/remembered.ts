const entriesMax = 10_000

/** Answers of a look-up, remembered for a while; beyond `entriesMax` the oldest are forgotten. */
export class Remembered<Value> {
  readonly #entries = new Map<string, { until: number; value: Promise<Value> }>()
  readonly #rememberedMs: number
  readonly #look: (key: string) => Promise<Value>

  constructor(rememberedMs: number, look: (key: string) => Promise<Value>) {
    this.#rememberedMs = rememberedMs
    this.#look = look
  }

  get(key: string): Promise<Value> {
    const now = performance.now()
    const known = this.#entries.get(key)
    if (known !== undefined && known.until > now) return known.value
    const value = this.#look(key)
    this.#entries.delete(key)
    this.#entries.set(key, { until: now + this.#rememberedMs, value })
    value.catch(() => this.#entries.delete(key))
    this.#forgetOldest()
    return value
  }

  #forgetOldest(): void {
    if (this.#entries.size <= entriesMax) return
    const [oldest] = this.#entries.keys()
    if (oldest !== undefined) this.#entries.delete(oldest)
  }
}
