import {
  createCipheriv,
  createDecipheriv,
  createHmac,
  randomBytes,
  timingSafeEqual,
} from 'node:crypto'

const version = 0x80
const headLength = 1 + 8 + 16
const tagLength = 32

/**
 * Fernet tokens (AES-128-CBC, HMAC-SHA256) under a list of keys, each 32 bytes in URL-safe base64.
 * The first key encrypts, all of them decrypt, so that a key can be replaced by a newer one.
 */
export type Fernet = {
  encrypt(text: string): string
  /** Null when none of the keys made the token. */
  decrypt(token: string): string | null
}

/** Null when a key is not 32 bytes of base64, or there is none. */
export function fernetOf(keys: readonly string[]): Fernet | null {
  const read = keys.map(keyFrom)
  const [first] = read
  if (first === undefined || first === null || read.includes(null)) return null
  const all = read.filter((key) => key !== null)
  return {
    encrypt: (text) => seal(first, text),
    decrypt(token) {
      const bytes = Buffer.from(token, 'base64url')
      for (const key of all) {
        const text = open(key, bytes)
        if (text !== null) return text
      }
      return null
    },
  }
}

type Key = { signing: Buffer; encryption: Buffer }

function keyFrom(text: string): Key | null {
  if (!/^[\w+/-]{43}=?$/.test(text)) return null
  const bytes = Buffer.from(text, 'base64')
  return { signing: bytes.subarray(0, 16), encryption: bytes.subarray(16, 32) }
}

function seal({ signing, encryption }: Key, text: string): string {
  const head = Buffer.alloc(headLength)
  head.writeUInt8(version)
  head.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 1_000)), 1)
  randomBytes(16).copy(head, 9)
  const cipher = createCipheriv('aes-128-cbc', encryption, head.subarray(9))
  const signed = Buffer.concat([head, cipher.update(text, 'utf8'), cipher.final()])
  const token = Buffer.concat([signed, signature(signing, signed)]).toString('base64')
  return token.replaceAll('+', '-').replaceAll('/', '_')
}

function open({ signing, encryption }: Key, token: Buffer): string | null {
  const signedLength = token.length - tagLength
  if (signedLength <= headLength || token[0] !== version) return null
  const signed = token.subarray(0, signedLength)
  if (!timingSafeEqual(signature(signing, signed), token.subarray(signedLength))) return null
  try {
    const decipher = createDecipheriv('aes-128-cbc', encryption, signed.subarray(9, headLength))
    const text = Buffer.concat([decipher.update(signed.subarray(headLength)), decipher.final()])
    return text.toString('utf8')
  } catch {
    return null
  }
}

function signature(key: Buffer, bytes: Buffer): Buffer {
  return createHmac('sha256', key).update(bytes).digest()
}
