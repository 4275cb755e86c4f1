/** One line on the terminal that is written over and taken away at the end. Elsewhere, nothing. */
export type Progress = { show(text: string): void; clear(): void }

const eraseLine = '\r\u001b[2K'
const showEveryMs = 100

/** Shows progress on standard error when that is a terminal. */
export function showProgress(): Progress {
  const { stderr } = process
  if (!stderr.isTTY) return { show: () => {}, clear: () => {} }
  let shownAt = 0
  return {
    show(text) {
      const now = performance.now()
      if (now - shownAt < showEveryMs) return
      shownAt = now
      stderr.write(`${eraseLine}${text}`)
    },
    clear: () => stderr.write(eraseLine),
  }
}
