import { randomBytes } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { CannotStart } from './cannot-start.ts'
import { secretKey } from './config.ts'
import type { Deps } from './deps.ts'
import { systemErrorCode } from './embedded/cannot-open.ts'
import { writeWhole } from './embedded/data-folder.ts'
import { makeSealer, type Sealer } from './secrets.ts'
import { findSealedSecret } from './store/counter.ts'
import { openDatabase } from './store/db.ts'

/** The key of a data folder, made at the first start and kept in a file only its account can read. */
export async function openKeyFile(dataFolder: string): Promise<Buffer> {
  const found = await readKeyFile(dataFolder)
  if (found !== null) return found
  const made = randomBytes(32)
  await writeWhole(keyFileOf(dataFolder), `${made.toString('base64')}\n`)
  return made
}

/** Throws `CannotStart` when what is stored was sealed with another key than `deps` has. */
export async function requireKey({ db, sealer }: Pick<Deps, 'db' | 'sealer'>): Promise<void> {
  const sealed = await findSealedSecret(db)
  if (sealed === null || canOpen(sealer, sealed)) return
  throw new CannotStart(
    "The secret key is not the one this database's secrets were encrypted with; put back the " +
      'REGULARS_SECRET_KEY or the secret-key file that it was started with before.',
  )
}

/** Whether what is at hand opens the secrets of a database; `none_needed` when it keeps none. */
export type KeyStanding = 'fits' | 'missing' | 'another' | 'none_needed'

/** Tries a key on a database: the one that is given, else that of the folder's file. Makes none. */
export async function tryKey(
  databaseUrl: string,
  { given, keyFolder }: { given: Buffer | null; keyFolder: string },
): Promise<KeyStanding> {
  const db = openDatabase({ databaseUrl, connectionsMax: 1 })
  const sealed = await findSealedSecret(db).finally(db.close)
  if (sealed === null) return 'none_needed'
  const key = given ?? (await readKeyFile(keyFolder))
  if (key === null) return 'missing'
  return canOpen(makeSealer(key), sealed) ? 'fits' : 'another'
}

// The cipher's own words say only that the tag does not match.
function canOpen(sealer: Sealer, sealed: Buffer): boolean {
  try {
    sealer.open(sealed)
    return true
  } catch {
    return false
  }
}

function keyFileOf(dataFolder: string): string {
  return join(dataFolder, 'secret-key')
}

async function readKeyFile(dataFolder: string): Promise<Buffer | null> {
  const path = keyFileOf(dataFolder)
  const text = await readOrNull(path)
  if (text === null) return null
  const parsed = secretKey(text.trim())
  if ('value' in parsed) return parsed.value
  throw new CannotStart(
    `${path} does not hold ${parsed.allowed}; put the right file back, or set REGULARS_SECRET_KEY.`,
  )
}

async function readOrNull(path: string): Promise<string | null> {
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    const code = systemErrorCode(error)
    if (code === 'ENOENT') return null
    throw new CannotStart(
      `${path} cannot be read (${code}); start as the account that owns the data folder, or mend ` +
        'its permissions.',
    )
  }
}
