import { hash, verify } from '@node-rs/argon2'

/** Hashes and checks passwords off the event loop, so many at a time that the machine stays free. */
export type Passwords = {
  hash(password: string): Promise<string>
  /** Takes as long for a guest who has none (`null`) as for one who has. */
  matches(passwordHash: string | null, password: string): Promise<boolean>
  /** So many wait that another one had better come back later. */
  busy(): boolean
}

/** Each takes some 65 ms of one of Node's four threads for such work; DNS and files need some too. */
const hashingAtOnceMax = 2

/** Some seconds of work: a caller that waits longer has given up. */
const waitingMax = 100

// The library's own parameters, named so that an update of it cannot change them.
const argon2id = { algorithm: 2, memoryCost: 19_456, timeCost: 2, parallelism: 1 }

// Of 32 random bytes that were thrown away, with the parameters above.
const nobodysHash =
  '$argon2id$v=19$m=19456,t=2,p=1$mysI/zoQPubeoLu3a2TZOw$h6GsHy3yRFhIIw5/Fqi+cw/uGyErlnEO6Hr8QTIChns'

/** What is stored of a password: argon2id with a salt of its own, in its usual text form. */
export function hashPassword(password: string): Promise<string> {
  return hash(password, argon2id)
}

/** Passwords of one server: what waits, waits in this process. */
export function openPasswords(): Passwords {
  const atOnce = limit(hashingAtOnceMax)
  return {
    hash: (password) => atOnce.run(() => hashPassword(password)),
    busy: () => atOnce.waiting() >= waitingMax,
    async matches(passwordHash, password) {
      const same = await atOnce.run(() => verify(passwordHash ?? nobodysHash, password))
      return same && passwordHash !== null
    },
  }
}

/** Runs at most `max` of what it is given at once; the rest wait in order. */
function limit(max: number) {
  const waiting: (() => void)[] = []
  let running = 0
  async function run<Result>(work: () => Promise<Result>): Promise<Result> {
    if (running >= max) await new Promise<void>((resume) => waiting.push(resume))
    else running += 1
    try {
      return await work()
    } finally {
      const next = waiting.shift()
      if (next === undefined) running -= 1
      else next()
    }
  }
  return { run, waiting: () => waiting.length }
}
