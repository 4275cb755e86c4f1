export function figure(value: number): string {
  return Math.round(value).toLocaleString('en')
}

export function megabytes(bytes: number): string {
  return `${figure(bytes / 1_048_576)} MB`
}

const columnWidth = 13

export function line(cells: readonly string[]): void {
  console.log(cells.map((cell) => cell.padStart(columnWidth)).join(' '))
}
