import { type ProgramFile, problemText } from '@regulars/contract/program-file'
import { CannotStart } from './cannot-start.ts'
import { openProgramFile } from './catalog/open-program-file.ts'

/** Reads program files. Throws `CannotStart` with a line for each problem of any of them. */
export async function readPrograms(paths: readonly string[]): Promise<ProgramFile[]> {
  const read = await Promise.all(
    paths.map(async (path) => ({ path, file: await openProgramFile(path) })),
  )
  const problems = read.flatMap(({ path, file }) =>
    file.kind === 'refused' ? file.problems.map((one) => `${path}: ${problemText(one)}`) : [],
  )
  if (problems.length > 0) throw new CannotStart(problems.join('\n'))
  return read.flatMap(({ file }) => (file.kind === 'read' ? [file.program] : []))
}
