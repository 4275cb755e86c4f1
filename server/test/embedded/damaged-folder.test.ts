import { existsSync } from 'node:fs'
import { chmod, chown, mkdir, mkdtemp, readFile, rm, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { CannotOpen, openEmbedded } from '../../src/embedded/embedded.ts'
import { copyDataFolder } from './copy-data-folder.ts'

let scratch = ''
let sound = ''

beforeAll(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'damaged-test-'))
  await chmod(scratch, 0o755)
  sound = join(scratch, 'sound')
  await (await openEmbedded({ dataFolder: sound })).stop()
})
afterAll(() => rm(scratch, { recursive: true, force: true }))

const isRoot = process.getuid?.() === 0
const isPosix = process.platform !== 'win32'

type Case = {
  readonly name: string
  readonly damage: (folder: string) => Promise<void>
  /** FOLDER stands for the data folder. */
  readonly sentence: string | RegExp
}

const cases: Case[] = [
  {
    name: 'PG_VERSION is missing',
    damage: (folder) => rm(join(folder, 'postgres/PG_VERSION')),
    sentence:
      'The database in FOLDER/postgres is damaged: PG_VERSION is missing; put back a copy of the ' +
      'whole folder, or restore a backup into a new one (regulars restore FILE).',
  },
  {
    name: 'PG_VERSION is empty',
    damage: (folder) => truncate(join(folder, 'postgres/PG_VERSION')),
    sentence:
      'The database in FOLDER/postgres is damaged: PG_VERSION holds no version; put back a copy of ' +
      'the whole folder, or restore a backup into a new one (regulars restore FILE).',
  },
  {
    name: 'global/pg_control is missing',
    damage: (folder) => rm(join(folder, 'postgres/global/pg_control')),
    sentence:
      'The database in FOLDER/postgres is damaged: global/pg_control is missing; put back a copy ' +
      'of the whole folder, or restore a backup into a new one (regulars restore FILE).',
  },
  {
    name: 'global/pg_control is cut short',
    damage: (folder) => truncate(join(folder, 'postgres/global/pg_control'), 100),
    sentence:
      /^Postgres did not start on FOLDER\/postgres: .*pg_control.*; see FOLDER\/postgres.log\.$/,
  },
  {
    name: 'the write-ahead log is missing',
    damage: (folder) => rm(join(folder, 'postgres/pg_wal'), { recursive: true }),
    sentence:
      /^Postgres did not start on FOLDER\/postgres: .*pg_wal.*; see FOLDER\/postgres.log\.$/,
  },
  {
    name: 'the whole cluster is missing',
    damage: (folder) => rm(join(folder, 'postgres'), { recursive: true }),
    sentence:
      'The data folder FOLDER has lost its database (FOLDER/postgres is missing); put it back, or ' +
      'restore a backup into a new folder.',
  },
  {
    name: 'the cluster was made by another Postgres major',
    damage: (folder) => writeFile(join(folder, 'postgres/PG_VERSION'), '17\n'),
    sentence:
      'The data folder FOLDER was made by Postgres 17 and this Regulars carries Postgres 18; make ' +
      'a backup with the Regulars that made it (regulars backup FILE), then restore that into a ' +
      'new folder (regulars restore FILE).',
  },
  {
    name: 'the record says another Postgres major',
    damage: (folder) => writeFile(join(folder, 'regulars.json'), '{"layout":1,"postgresMajor":19}'),
    sentence:
      /^The data folder FOLDER was made by Postgres 19 and this Regulars carries Postgres 18;/,
  },
  {
    name: 'the record says a newer layout',
    damage: (folder) => writeFile(join(folder, 'regulars.json'), '{"layout":2,"postgresMajor":18}'),
    sentence:
      'The data folder FOLDER was made by a newer Regulars (layout 2); start that version, or ' +
      'restore a backup into a new folder.',
  },
  {
    name: 'the record is cut short',
    damage: (folder) => writeFile(join(folder, 'regulars.json'), '{"layout":'),
    sentence:
      'FOLDER/regulars.json does not say which Postgres made this folder; if this Regulars did, ' +
      'delete that file and start again, otherwise restore a backup into a new folder.',
  },
  {
    name: 'the password is missing',
    damage: (folder) => rm(join(folder, 'postgres-password')),
    sentence:
      'The database password in FOLDER/postgres-password cannot be read (ENOENT); put the file ' +
      'back, or restore a backup into a new data folder.',
  },
  {
    name: 'the password is of another folder',
    damage: (folder) => writeFile(join(folder, 'postgres-password'), 'guess'),
    sentence:
      'The password in FOLDER/postgres-password is not that of the database beside it; put the ' +
      'right file back, or restore a backup into a new folder.',
  },
  {
    name: 'the data folder is a file',
    damage: async (folder) => {
      await rm(folder, { recursive: true })
      await writeFile(folder, '')
    },
    sentence: 'The data folder FOLDER is a file, or lies below one; name a folder with --data.',
  },
  {
    name: 'the data folder is a folder of other things',
    damage: async (folder) => {
      await rm(folder, { recursive: true })
      await mkdir(folder)
      await writeFile(join(folder, 'letter.txt'), 'Dear Ana')
    },
    sentence:
      'The data folder FOLDER holds other things, such as letter.txt; name an empty or a new folder ' +
      'with --data.',
  },
  {
    name: 'the data folder is a Postgres cluster of someone else',
    damage: async (folder) => {
      await rm(folder, { recursive: true })
      await mkdir(folder)
      await writeFile(join(folder, 'PG_VERSION'), '18\n')
    },
    sentence:
      'FOLDER is a Postgres folder that Regulars did not make; name another folder with --data, ' +
      'or start that Postgres and set DATABASE_URL.',
  },
]

if (isPosix) {
  cases.push({
    name: 'other accounts can read the cluster',
    damage: (folder) => chmod(join(folder, 'postgres'), 0o755),
    sentence:
      'The database in FOLDER/postgres can be read or changed by other accounts (mode 755); close ' +
      'it with chmod 700 FOLDER/postgres and start again.',
  })
}

for (const { name, damage, sentence } of cases) {
  test(`a folder where ${name} is refused with one sentence`, async () => {
    const folder = copyOfSound(name)
    await damage(folder)
    const refusal = await openEmbedded({ dataFolder: folder }).then(
      ({ stop }) => stop(),
      (error: unknown) => error,
    )
    expect(refusal).toBeInstanceOf(CannotOpen)
    const message = String((refusal as Error).message).replaceAll(folder, 'FOLDER')
    if (typeof sentence === 'string') expect(message).toBe(sentence)
    else expect(message).toMatch(sentence)
  })
}

test('a refused folder is let go of and works again once mended', async () => {
  const folder = copyOfSound('mended')
  const version = join(folder, 'postgres/PG_VERSION')
  const content = await readFile(version)
  await rm(version)
  await expect(openEmbedded({ dataFolder: folder })).rejects.toThrow(/PG_VERSION is missing/)

  await writeFile(version, content)
  if (isRoot) await chown(version, 0, 0)
  await chmod(version, 0o644)
  await (await openEmbedded({ dataFolder: folder })).stop()
  expect(existsSync(join(folder, 'regulars.pid'))).toBe(false)
})

test('a folder without its record, as a kill right after creation leaves it, gets one', async () => {
  const folder = copyOfSound('no record')
  await rm(join(folder, 'regulars.json'))
  await (await openEmbedded({ dataFolder: folder })).stop()
  expect(JSON.parse(await readFile(join(folder, 'regulars.json'), 'utf8'))).toEqual({
    layout: 1,
    postgresMajor: 18,
  })
})

function copyOfSound(name: string): string {
  return copyDataFolder({ from: sound, to: join(scratch, name.replaceAll(/[^a-z]+/gi, '-')) })
}
