import { randomBytes } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { CannotStart } from './cannot-start.ts'
import { secretKey } from './config.ts'
import { systemErrorCode } from './embedded/cannot-open.ts'
import { writeWhole } from './embedded/data-folder.ts'

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
