import { readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import {
  includesOf,
  type Problem,
  type ReadProgramFile,
  readProgramFile,
  withIncludes,
} from '@regulars/contract/program-file'

/** Reads a program file and the files it names beside it. A file that cannot be read is a problem. */
export async function openProgramFile(path: string): Promise<ReadProgramFile> {
  const main = await openJson(path, '')
  if (main.kind === 'refused') return main
  const includes = includesOf(main.json)
  const opened = await Promise.all(
    includes.map(({ member, fileName }) => openJson(join(dirname(path), fileName), member)),
  )
  const problems = opened.flatMap((file) => (file.kind === 'refused' ? file.problems : []))
  if (problems.length > 0) return { kind: 'refused', problems }
  const contents = new Map(
    opened.flatMap((file, index) => {
      const fileName = includes[index]?.fileName
      return file.kind === 'json' && fileName !== undefined ? [[fileName, file.json]] : []
    }),
  )
  return readProgramFile(withIncludes(main.json, contents))
}

type OpenedJson =
  | { kind: 'json'; json: unknown }
  | { kind: 'refused'; problems: readonly Problem[] }

/** `member` is where in the program file the contents belong; empty for the file itself. */
async function openJson(path: string, member: string): Promise<OpenedJson> {
  try {
    return { kind: 'json', json: JSON.parse(await readFile(path, 'utf8')) }
  } catch (error) {
    // A missing file and a missing comma are both the operator's to mend, and both say so here.
    const reason = error instanceof Error ? error.message : String(error)
    const allowed = 'a JSON file that can be read'
    return {
      kind: 'refused',
      problems: [{ path: member, found: `${path} (${reason})`, allowed, nearest: null }],
    }
  }
}
