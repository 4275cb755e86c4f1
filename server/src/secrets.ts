import {
  createCipheriv,
  createDecipheriv,
  createHash,
  createHmac,
  randomBytes,
  randomInt,
  timingSafeEqual,
} from 'node:crypto'
import { assert } from '@regulars/contract/values/assert'

/** What is stored of a key or token: its SHA-256. */
export function hashSecret(secret: string): Buffer {
  return createHash('sha256').update(secret, 'utf8').digest()
}

/** Encrypts secrets that must be read again (client secrets) with AES-256-GCM. */
export type Sealer = { seal(plain: string): Buffer; open(sealed: Buffer): string }

const nonceBytes = 12
const tagBytes = 16

/** `key` is 32 bytes. Sealed: nonce, tag, ciphertext. */
export function makeSealer(key: Buffer): Sealer {
  assert(key.length === 32, 'the sealing key has 32 bytes', { bytes: key.length })
  return {
    seal(plain) {
      const nonce = randomBytes(nonceBytes)
      const cipher = createCipheriv('aes-256-gcm', key, nonce)
      const text = Buffer.concat([cipher.update(plain, 'utf8'), cipher.final()])
      return Buffer.concat([nonce, cipher.getAuthTag(), text])
    },
    open(sealed) {
      const nonce = sealed.subarray(0, nonceBytes)
      const decipher = createDecipheriv('aes-256-gcm', key, nonce)
      decipher.setAuthTag(sealed.subarray(nonceBytes, nonceBytes + tagBytes))
      const text = sealed.subarray(nonceBytes + tagBytes)
      return Buffer.concat([decipher.update(text), decipher.final()]).toString('utf8')
    },
  }
}

/**
 * Whether `digest` signs `uri` + `body` with the client's secret: lower-case hex of an HMAC, SHA-1 on
 * online ordering, SHA-256 on mobile. Upper case is accepted. A body that was signed in compact form
 * but sent with white space is accepted too, since the documentation says the signed body has none.
 *
 * Source: docs/reference/authentication.md, "The digest".
 */
export function digestMatches(signed: {
  hash: 'sha1' | 'sha256'
  secret: string
  uri: string
  body: Buffer
  digest: string
}): boolean {
  const { hash, secret, uri, body, digest } = signed
  const sent = Buffer.from(digest.trim().toLowerCase(), 'utf8')
  const matches = (bytes: Buffer | string) => {
    const own = createHmac(hash, secret).update(uri).update(bytes).digest('hex')
    return sent.length === own.length && timingSafeEqual(sent, Buffer.from(own, 'utf8'))
  }
  if (matches(body)) return true
  const compact = compactJson(body)
  return compact !== null && matches(compact)
}

function compactJson(body: Buffer): string | null {
  if (body.length === 0) return null
  try {
    return JSON.stringify(JSON.parse(body.toString('utf8')))
  } catch {
    return null
  }
}

const codeAlphabet = 'ABCDEFGHJKLMNPQRSTUVWXYZ23456789'

/** Random values nobody can guess. Tests hand in a predictable one. */
export type Random = {
  /** URL-safe text of `bytes` random bytes. */
  token(bytes: number): string
  /** Upper-case letters and digits that are not mistaken for each other. */
  code(length: number): string
  hex(length: number): string
  digits(length: number): string
}

export const systemRandom: Random = {
  token: (bytes) => randomBytes(bytes).toString('base64url'),
  code: (length) => pick(codeAlphabet, length),
  hex: (length) => pick('0123456789ABCDEF', length),
  digits: (length) => pick('0123456789', length),
}

function pick(alphabet: string, length: number): string {
  return Array.from({ length }, () => alphabet[randomInt(alphabet.length)]).join('')
}
