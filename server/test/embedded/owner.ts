import { openEmbedded, openTemporary } from '../../src/embedded/embedded.ts'

/**
 * A process that opens the data folder named in its first argument (or `memory`), prints one line
 * of JSON, and keeps it open until it is killed or its standard input ends.
 */
const place = process.argv[2] ?? ''
try {
  const { folder, databaseUrl, stop } =
    place === 'memory' ? await openTemporary() : await openEmbedded({ dataFolder: place })
  process.stdout.write(`${JSON.stringify({ kind: 'open', folder, databaseUrl })}\n`)
  process.stdin.resume().on('end', stop)
} catch (error) {
  process.stdout.write(`${JSON.stringify({ kind: 'refused', message: String(error) })}\n`)
}
