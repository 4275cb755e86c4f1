import { chmodSync, cpSync } from 'node:fs'
import { join } from 'node:path'

/**
 * Copies a stopped data folder, which is much quicker than creating one. A copy made by root belongs
 * to root, so opening it also shows that the cluster is given back to the server's account.
 */
export function copyDataFolder(paths: { from: string; to: string }): string {
  cpSync(paths.from, paths.to, { recursive: true })
  chmodSync(join(paths.to, 'postgres'), 0o700) // cpSync does not keep the modes of folders
  return paths.to
}
