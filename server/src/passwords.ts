import { hash, verify } from '@node-rs/argon2'

/** What is stored of a password: argon2id with a salt of its own, in its usual text form. */
export function hashPassword(password: string): Promise<string> {
  return hash(password)
}

/** Whether a password is the one that was hashed. */
export function passwordMatches(password: string, passwordHash: string): Promise<boolean> {
  return verify(passwordHash, password)
}
