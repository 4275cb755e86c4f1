import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/** A file of the repository that a command makes. `path` is from the repository's root. */
export type Generated = { path: string; text: string }

/**
 * Writes the files that are not current. Started with --check it writes nothing: it names those files
 * with the command that makes them, and the process fails.
 */
export function keepGenerated(command: string, files: readonly Generated[]): void {
  const isCheck = process.argv.includes('--check')
  const stale = files.filter(({ path, text }) => contentsOf(path) !== text)
  for (const { path, text } of stale) {
    if (isCheck) console.error(`${path} is not current. Run: ${command}`)
    else writeFileSync(fileOf(path), text)
  }
  if (isCheck && stale.length > 0) process.exitCode = 1
}

function contentsOf(path: string): string | null {
  try {
    return readFileSync(fileOf(path), 'utf8')
  } catch {
    // Not made yet, which is as stale as can be.
    return null
  }
}

function fileOf(path: string): string {
  return fileURLToPath(new URL(`../../${path}`, import.meta.url))
}
