/** A stream of numbers from 0 up to 1, the same for the same key. */
export type Random = () => number

/** A stream for whatever the key names: `seed, restaurant, day, slot, purpose`. */
export function randomOf(...key: readonly number[]): Random {
  let state = hashOf(...key)
  // mulberry32: one multiplication chain per number is all a made-up world needs.
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let bits = Math.imul(state ^ (state >>> 15), 1 | state)
    bits = (bits + Math.imul(bits ^ (bits >>> 7), 61 | bits)) ^ bits
    return ((bits ^ (bits >>> 14)) >>> 0) / 4_294_967_296
  }
}

/** 32 bits of the key, well mixed. */
export function hashOf(...key: readonly number[]): number {
  let hash = hashBegin
  for (const part of key) hash = mixed(hash, part)
  return hash >>> 0
}

/** `hashOf` for the hot path: guids, which every order has dozens of. */
export function hash4(one: number, two: number, three: number, four: number): number {
  return mixed(mixed(mixed(mixed(hashBegin, one), two), three), four) >>> 0
}

const hashBegin = 0x811c9dc5

function mixed(hash: number, part: number): number {
  const first = Math.imul(hash ^ part, 0x85ebca6b)
  const second = Math.imul(first ^ (first >>> 13), 0xc2b2ae35)
  return second ^ (second >>> 16)
}

/** Whole numbers from 0 to `count - 1`. */
export function below(random: Random, count: number): number {
  return Math.floor(random() * count)
}

/** Whole numbers from `least` to `most`, both among them. */
export function between(random: Random, least: number, most: number): number {
  return least + Math.floor(random() * (most - least + 1))
}

export function chance(random: Random, of: number): boolean {
  return random() < of
}

/** Throws for an empty list: nothing in the world picks from nothing. */
export function pick<Thing>(random: Random, things: readonly Thing[]): Thing {
  return at(things, below(random, things.length))
}

/** The member at an index, counted round the list. Throws for an empty list. */
export function at<Thing>(things: readonly Thing[], index: number): Thing {
  const thing = things[index % things.length]
  if (thing === undefined) throw new Error(`no member ${index} in a list of ${things.length}`)
  return thing
}
