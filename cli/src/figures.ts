/** A whole number as people read it: `12,345`. */
export function count(value: number): string {
  return value.toLocaleString('en-US')
}

/** A span that is known roughly: `about 5 min`. */
export function roughly(seconds: number): string {
  if (seconds < 90) return `about ${Math.ceil(seconds)} s`
  if (seconds < 90 * 60) return `about ${Math.ceil(seconds / 60)} min`
  return `about ${(seconds / 3_600).toFixed(1)} h`
}

/** A size in bytes as people read it: `1.4 MB`. */
export function size(bytes: number): string {
  if (bytes < 1_000_000) return `${Math.ceil(bytes / 1_000)} kB`
  return `${(bytes / 1_000_000).toFixed(1)} MB`
}
