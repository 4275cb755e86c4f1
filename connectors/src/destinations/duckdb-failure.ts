import { DestinationFailed } from '../destination.ts'

/** As DuckDB says it (seen with 1.5.6), and Node of the rows staged beside the file. */
const noRoom = /ENOSPC|No space left on device|EDQUOT|quota exceeded|EFBIG|File too large/i

/** The sentence for what can befall a file under way. Null for anything else. */
export function failureOf(error: unknown, described: string): DestinationFailed | null {
  if (!(error instanceof Error) || !noRoom.test(error.message)) return null
  return new DestinationFailed(
    `There is no room left for ${described}. Nothing is lost: what was written stands, and the rest ` +
      'is read again; make room, then start the same command again.',
  )
}
