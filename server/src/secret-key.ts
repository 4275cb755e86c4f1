import { randomBytes } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { CannotStart } from './cannot-start.ts'
import { secretKey } from './config.ts'
import type { Deps } from './deps.ts'
import { systemErrorCode } from './embedded/cannot-open.ts'
import { writeWhole } from './embedded/data-folder.ts'
import { findSealedSecret } from './store/counter.ts'

/** The key of a data folder, made at the first start and kept in a file only its account can read. */
export async function openKeyFile(dataFolder: string): Promise<Buffer> {
  const path = join(dataFolder, 'secret-key')
  const text = await readOrNull(path)
  if (text === null) {
    const made = randomBytes(32)
    await writeWhole(path, `${made.toString('base64')}\n`)
    return made
  }
  const parsed = secretKey(text.trim())
  if ('value' in parsed) return parsed.value
  throw new CannotStart(
    `${path} does not hold ${parsed.allowed}; put the right file back, or set REGULARS_SECRET_KEY.`,
  )
}

/** Throws `CannotStart` when what is stored was sealed with another key than `deps` has. */
export async function requireKey({ db, sealer }: Pick<Deps, 'db' | 'sealer'>): Promise<void> {
  const sealed = await findSealedSecret(db)
  if (sealed === null) return
  try {
    sealer.open(sealed)
  } catch {
    // The cipher's own words say only that the tag does not match.
    throw new CannotStart(
      "The secret key is not the one this database's secrets were encrypted with; put back the " +
        'REGULARS_SECRET_KEY or the secret-key file that it was started with before.',
    )
  }
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
