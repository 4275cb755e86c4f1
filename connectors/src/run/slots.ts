/** So many at a time, first come first served. */
export type Slots = {
  /** Resolves with the function that gives the slot back; calling it twice does no harm. */
  take(): Promise<() => void>
}

export function openSlots(count: number): Slots {
  const waiting: (() => void)[] = []
  let free = count

  function slot(): () => void {
    let isHeld = true
    return () => {
      if (!isHeld) return
      isHeld = false
      const next = waiting.shift()
      if (next === undefined) free += 1
      else next()
    }
  }

  return {
    take() {
      if (free > 0) {
        free -= 1
        return Promise.resolve(slot())
      }
      return new Promise((resolve) => {
        waiting.push(() => resolve(slot()))
      })
    },
  }
}
