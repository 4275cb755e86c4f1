import { readFileSync, statSync } from 'node:fs'
import { chmod, mkdir, open, readdir, readFile, realpath, rename } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { embeddedMajor } from './binaries.ts'
import { CannotOpen, systemErrorCode } from './cannot-open.ts'

/** What a data folder was found to hold. Anything else is refused with its own sentence. */
export type FolderState = 'empty' | 'has-cluster'

const layoutVersion = 1

/** The parts of a data folder, `dataFolder` being its real path. */
export function partsOf(dataFolder: string) {
  return {
    cluster: join(dataFolder, 'postgres'),
    record: join(dataFolder, 'regulars.json'),
    lock: join(dataFolder, 'regulars.lock'),
    holder: join(dataFolder, 'regulars.pid'),
    password: join(dataFolder, 'postgres-password'),
    log: join(dataFolder, 'postgres.log'),
    binaries: join(dataFolder, 'binaries'),
  }
}

/** Makes the folder when there is none, closed to other accounts; returns its real path. */
export async function makeFolder(path: string): Promise<string> {
  try {
    await mkdir(dirname(path), { recursive: true })
    await mkdir(path, { mode: 0o700 }).catch((error: unknown) => {
      if (systemErrorCode(error) !== 'EEXIST') throw error
    })
    const folder = await realpath(path)
    if (!statSync(folder).isDirectory()) throw Object.assign(new Error(), { code: 'ENOTDIR' })
    return folder
  } catch (error) {
    throw new CannotOpen(
      ['ENOTDIR', 'EEXIST'].includes(systemErrorCode(error) ?? '')
        ? `The data folder ${path} is a file, or lies below one; name a folder with --data.`
        : `The data folder ${path} cannot be made or entered (${systemErrorCode(error)}); ` +
            'mend its permissions, or name another with --data.',
    )
  }
}

/**
 * Looks a data folder over before anything is started on it. Changes nothing.
 *
 * Only the first thing wrong is reported: the record of which Postgres made the folder, the
 * cluster's presence, its version, its files, then who owns it and who else can read it.
 */
export async function inspectFolder(dataFolder: string): Promise<FolderState> {
  const { cluster, record } = partsOf(dataFolder)
  const recorded = await readRecord(record)
  if (recorded !== null && recorded.layout > layoutVersion) {
    throw new CannotOpen(
      `The data folder ${dataFolder} was made by a newer Regulars (layout ${recorded.layout}); ` +
        'start that version, or restore a backup into a new folder.',
    )
  }
  if (recorded !== null) refuseOtherMajor(dataFolder, recorded.postgresMajor)

  if (statOrNull(cluster) === null) {
    if (recorded === null && statOrNull(join(dataFolder, 'PG_VERSION')) === null) {
      await refuseForeignFiles(dataFolder)
      return 'empty'
    }
    throw new CannotOpen(
      recorded === null
        ? `${dataFolder} is a Postgres folder that Regulars did not make; name another folder ` +
            'with --data, or start that Postgres and set DATABASE_URL.'
        : `The data folder ${dataFolder} has lost its database (${cluster} is missing); ` +
            'put it back, or restore a backup into a new folder.',
    )
  }
  refuseOtherMajor(dataFolder, await majorOf(cluster))
  requirePart(cluster, 'global/pg_control')
  refuseOpenCluster(cluster)
  return 'has-cluster'
}

// What a start that was cut short leaves behind, and what file systems and shells put into folders.
const expectedName = /^(postgres|password|regulars|binaries|secret-key|lost\+found$|\.)/

async function refuseForeignFiles(dataFolder: string): Promise<void> {
  const names = await readdir(dataFolder).catch((error: unknown) => {
    if (systemErrorCode(error) === 'ENOENT') return []
    throw unreadable(dataFolder, error)
  })
  const foreign = names.find((name) => !expectedName.test(name))
  if (foreign === undefined) return
  throw new CannotOpen(
    `The data folder ${dataFolder} holds other things, such as ${foreign}; name an empty or a new ` +
      'folder with --data.',
  )
}

/**
 * Records which Postgres made the folder, so that another major is refused and not tried. Leaves an
 * earlier record as it is.
 */
export async function recordMaker(dataFolder: string): Promise<void> {
  if (statOrNull(partsOf(dataFolder).record) !== null) return
  const record = { layout: layoutVersion, postgresMajor: embeddedMajor }
  await writeWhole(partsOf(dataFolder).record, `${JSON.stringify(record)}\n`)
}

/** Writes a 0600 file so that a kill or a power cut leaves the old content or the new, never half. */
export async function writeWhole(path: string, content: string): Promise<void> {
  const unfinished = `${path}.new`
  const file = await open(unfinished, 'w', 0o600)
  try {
    await file.writeFile(content)
    await file.sync()
  } finally {
    await file.close()
  }
  await chmod(unfinished, 0o600)
  await renameDurably(unfinished, path)
}

/** Renames so that a power cut right after does not undo it. Windows cannot sync a folder. */
export async function renameDurably(from: string, to: string): Promise<void> {
  await rename(from, to)
  if (process.platform === 'win32') return
  const folder = await open(dirname(to), 'r')
  await folder.sync().finally(() => folder.close())
}

async function readRecord(path: string): Promise<{ layout: number; postgresMajor: number } | null> {
  let content: string
  try {
    content = await readFile(path, 'utf8')
  } catch (error) {
    if (systemErrorCode(error) === 'ENOENT') return null
    throw unreadable(path, error)
  }
  const { layout, postgresMajor } = parseObject(content)
  if (typeof layout === 'number' && typeof postgresMajor === 'number') {
    return { layout, postgresMajor }
  }
  throw new CannotOpen(
    `${path} does not say which Postgres made this folder; if this Regulars did, delete that ` +
      'file and start again, otherwise restore a backup into a new folder.',
  )
}

function parseObject(content: string): Record<string, unknown> {
  try {
    const parsed: unknown = JSON.parse(content)
    return typeof parsed === 'object' && parsed !== null ? { ...parsed } : {}
  } catch {
    return {}
  }
}

async function majorOf(cluster: string): Promise<number> {
  requirePart(cluster, 'PG_VERSION')
  const major = Number.parseInt(readFileSync(join(cluster, 'PG_VERSION'), 'utf8'), 10)
  if (Number.isInteger(major)) return major
  throw damaged(cluster, 'PG_VERSION holds no version')
}

function refuseOtherMajor(dataFolder: string, major: number): void {
  if (major === embeddedMajor) return
  throw new CannotOpen(
    `The data folder ${dataFolder} was made by Postgres ${major} and this Regulars carries ` +
      `Postgres ${embeddedMajor}; make a backup with the Regulars that made it ` +
      '(regulars backup FILE), then restore that into a new folder (regulars restore FILE).',
  )
}

function requirePart(cluster: string, part: string): void {
  if (statOrNull(join(cluster, part)) === null) throw damaged(cluster, `${part} is missing`)
}

/** Postgres checks the same, but says it only in its log. Windows has no mode bits to check. */
function refuseOpenCluster(cluster: string): void {
  if (process.platform === 'win32') return
  const { mode, uid } = statSync(cluster)
  const ourUid = process.getuid?.()
  if (ourUid !== 0 && uid !== ourUid) {
    throw new CannotOpen(
      `The database in ${cluster} belongs to another account (uid ${uid}); start as that ` +
        `account, or give the folder to this one (chown -R ${ourUid} ${dirname(cluster)}).`,
    )
  }
  if ((mode & 0o027) === 0) return
  throw new CannotOpen(
    `The database in ${cluster} can be read or changed by other accounts (mode ` +
      `${(mode & 0o777).toString(8)}); close it with chmod 700 ${cluster} and start again.`,
  )
}

function damaged(cluster: string, what: string): CannotOpen {
  return new CannotOpen(
    `The database in ${cluster} is damaged: ${what}; put back a copy of the whole folder, or ` +
      'restore a backup into a new one (regulars restore FILE).',
  )
}

function unreadable(path: string, error: unknown): CannotOpen {
  return new CannotOpen(
    `${path} cannot be read (${systemErrorCode(error)}); start as the account that owns the data ` +
      'folder, or mend its permissions.',
  )
}

function statOrNull(path: string) {
  try {
    return statSync(path, { throwIfNoEntry: false }) ?? null
  } catch (error) {
    throw unreadable(path, error)
  }
}
