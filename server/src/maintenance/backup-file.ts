import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { createGunzip } from 'node:zlib'
import { systemErrorCode } from '../embedded/cannot-open.ts'

/**
 * The shape of a backup file: gzip around lines of text, each ending in a newline.
 *
 * The header, then for every table a line of JSON, its rows as Postgres' COPY writes them (one row
 * to a line), a line `\.`, and a line with the count of rows; then a line for every sequence; last
 * a line with the SHA-256 of all bytes before it. COPY's text is the same in every version of
 * Postgres, and foreign keys only ever point to tables that come earlier.
 */
export type BackupHeader = {
  readonly backup: 'regulars'
  readonly formatVersion: number
  readonly schemaVersion: number
  readonly createdAt: string
}

/** A table's own line. */
export type TableLine = { readonly table: string; readonly columns: readonly string[] }

/** A sequence's own line. `lastValue` is text: it may be beyond 2^53. */
export type SequenceLine = {
  readonly sequence: string
  readonly lastValue: string
  readonly isCalled: boolean
}

/** What a backup holds. */
export type BackupSummary = {
  readonly schemaVersion: number
  readonly createdAt: string
  readonly rowCounts: Readonly<Record<string, number>>
}

/** The format this program writes and the newest it reads. */
export const backupFormatVersion = 1

/** The line after the last row of a table; COPY never writes it as a row. */
export const endOfRows = Buffer.from('\\.\n')

/** A file that is not a whole backup. `message` completes "The file … ". */
export class NotABackup extends Error {}

const newline = 0x0a
const blockBytes = 1 << 18
// One row is one line; the longest of ours are receipts of some hundred kilobytes.
const lineBytesMax = 256 * 1024 * 1024

const fileErrorCodes = [
  'ENOENT',
  'ENOTDIR',
  'EISDIR',
  'EACCES',
  'EPERM',
  'EROFS',
  'ENOSPC',
  'EDQUOT',
  'EFBIG',
  'EIO',
]

/** The code when the error is about a file, not about a connection to Postgres; otherwise null. */
export function fileErrorCode(error: unknown): string | null {
  const code = systemErrorCode(error)
  return code !== null && fileErrorCodes.includes(code) ? code : null
}

/** The bytes as they are, followed by the line with their SHA-256. */
export async function* sealed(bytes: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  const hash = createHash('sha256')
  for await (const chunk of bytes) {
    hash.update(chunk)
    yield chunk
  }
  yield jsonLine({ sha256: hash.digest('hex') })
}

/** One line of JSON. */
export function jsonLine(value: object): Buffer {
  return Buffer.from(`${JSON.stringify(value)}\n`)
}

/** How many lines end in these bytes. */
export function countLines(bytes: Buffer): number {
  let count = 0
  for (let at = bytes.indexOf(newline); at !== -1; at = bytes.indexOf(newline, at + 1)) count += 1
  return count
}

/** What `walkBackup` hands the parts of a file to, in the file's order. */
export type BackupVisitor = {
  readonly header: (header: BackupHeader) => Promise<void>
  /** Must read `rows` to their end. Each block holds whole lines. */
  readonly table: (line: TableLine, rows: AsyncIterable<Buffer>) => Promise<void>
  readonly sequence: (line: SequenceLine) => Promise<void>
}

/**
 * Reads a backup file from end to end with bounded memory.
 *
 * Throws `NotABackup` when it is of another kind, cut short, or differs from what was written. That
 * is known only at the end: what the visitor did until then must be undone or have done no harm.
 */
export async function walkBackup(file: string, visitor: BackupVisitor): Promise<BackupSummary> {
  const lines = new BackupLines(file)
  try {
    const header = await readHeader(lines)
    await visitor.header(header)
    const rowCounts: Record<string, number> = {}
    for (;;) {
      const hashBefore = lines.hashSoFar()
      const line = await lines.readJson()
      if (typeof line.table === 'string' && Array.isArray(line.columns)) {
        rowCounts[line.table] = await walkTable(lines, visitor, line as TableLine)
      } else if (typeof line.sequence === 'string') {
        await visitor.sequence(line as SequenceLine)
      } else {
        if (line.sha256 !== hashBefore) throw new NotABackup('is damaged: its checksum differs')
        await lines.expectEnd()
        return { schemaVersion: header.schemaVersion, createdAt: header.createdAt, rowCounts }
      }
    }
  } catch (error) {
    throw isGzipError(error) ? new NotABackup('is cut short, damaged, or of another kind') : error
  } finally {
    lines.close()
  }
}

async function readHeader(lines: BackupLines): Promise<BackupHeader> {
  const header = await lines.readJson()
  if (header.backup !== 'regulars') throw new NotABackup('is not a backup made by Regulars')
  if (Number(header.formatVersion) > backupFormatVersion) {
    throw new NotABackup('was made by a newer Regulars; restore it with that version')
  }
  return header as unknown as BackupHeader
}

async function walkTable(
  lines: BackupLines,
  visitor: BackupVisitor,
  line: TableLine,
): Promise<number> {
  let rowCount = 0
  async function* counted() {
    for await (const block of lines.rowBlocks()) {
      rowCount += countLines(block)
      yield block
    }
  }
  await visitor.table(line, counted())
  const { rows } = await lines.readJson()
  if (rows !== rowCount) {
    throw new NotABackup(
      `is damaged: ${line.table} has ${rowCount} rows where ${rows} were written`,
    )
  }
  return rowCount
}

function isGzipError(error: unknown): boolean {
  return error instanceof Error && 'code' in error && /^(Z_|ERR_.*ZLIB)/.test(String(error.code))
}

/** The unpacked file as lines and blocks of lines, with the hash of what was read so far. */
class BackupLines {
  readonly #source
  readonly #chunks: AsyncIterator<Buffer>
  readonly #hash = createHash('sha256')
  #pending: Buffer = Buffer.alloc(0) // always begins at the start of a line

  constructor(file: string) {
    const packed = createReadStream(file)
    this.#source = createGunzip({ chunkSize: blockBytes })
    packed.on('error', (error) => this.#source.destroy(error))
    packed.pipe(this.#source)
    this.#chunks = this.#source[Symbol.asyncIterator]()
  }

  close(): void {
    this.#source.destroy()
  }

  hashSoFar(): string {
    return this.#hash.copy().digest('hex')
  }

  async readJson(): Promise<Record<string, unknown>> {
    let end = this.#pending.indexOf(newline)
    while (end === -1) {
      await this.#readMore()
      end = this.#pending.indexOf(newline)
    }
    const text = this.#take(end + 1).toString('utf8')
    try {
      const parsed: unknown = JSON.parse(text)
      if (typeof parsed === 'object' && parsed !== null) return { ...parsed }
    } catch {}
    throw new NotABackup('is damaged or of another kind')
  }

  async *rowBlocks(): AsyncGenerator<Buffer> {
    for (;;) {
      const end = this.#endOfRowsIn()
      if (end !== -1) {
        if (end > 0) yield this.#take(end)
        this.#take(endOfRows.length)
        return
      }
      const wholeLines = this.#pending.lastIndexOf(newline) + 1
      if (wholeLines > 0) yield this.#take(wholeLines)
      await this.#readMore()
    }
  }

  async expectEnd(): Promise<void> {
    const { done } = await this.#chunks.next()
    if (this.#pending.length > 0 || done !== true) {
      throw new NotABackup('is damaged: it goes on after its end')
    }
  }

  #endOfRowsIn(): number {
    if (this.#pending.subarray(0, endOfRows.length).equals(endOfRows)) return 0
    const at = this.#pending.indexOf('\n\\.\n')
    return at === -1 ? -1 : at + 1
  }

  #take(byteCount: number): Buffer {
    const taken = this.#pending.subarray(0, byteCount)
    this.#pending = this.#pending.subarray(byteCount)
    this.#hash.update(taken)
    return taken
  }

  async #readMore(): Promise<void> {
    const { done, value } = await this.#chunks.next()
    if (done === true) throw new NotABackup('is cut short')
    if (this.#pending.length > lineBytesMax) throw new NotABackup('is damaged or of another kind')
    this.#pending = this.#pending.length === 0 ? value : Buffer.concat([this.#pending, value])
  }
}
