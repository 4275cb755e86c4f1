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

/** How many calls of one kind are under way, and how many of their replies are held in memory. */
export type Room = { calls: Slots; replies: Slots }

/**
 * What all locations share. A call waits for its reply without taking any of the room for replies,
 * so that a slow vendor is asked by many at once and what comes is held a few at a time. Each kind
 * has room of its own: whoever holds a page may wait for a check, and never the other way round.
 */
export type Rooms = {
  plain: Room
  /** Pages of many records, which come to some thousand rows each. */
  pages: Room
  /** The look for changes behind a walk over pages, whose last page is held meanwhile. */
  checks: Room
}

export function openRooms(): Rooms {
  const room = (calls: number, replies: number): Room => ({
    calls: openSlots(calls),
    replies: openSlots(replies),
  })
  return { plain: room(48, 8), pages: room(48, 4), checks: room(16, 4) }
}
