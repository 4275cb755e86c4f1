import { assert } from '@regulars/contract/values/assert'
import type { Db, Statement } from './db.ts'

/** Hands out wire ids without a round trip each, so that a decision knows its ids beforehand. */
export type Ids = {
  /** Waits until ids are at hand for an ordinary action; `count` more for one that takes many. */
  ready(count?: number): Promise<void>
  next(): number
}

const blockSize = 20_000 // the increment of the sequence `wire_ids`

/**
 * Every action waits while fewer are left. Between its wait and its decision others take theirs, so
 * this is what all actions under way may take together: thousands of them, a few ids each.
 */
const leftMin = 10_000

const blockStatement: Statement = {
  name: 'wire_ids',
  text: `select nextval('wire_ids') as first`,
}

/** Ids of a block that is not used up when the server stops are skipped for good. */
export function openIds(db: Db): Ids {
  const blocks: { next: number; end: number }[] = []
  let fetching: Promise<void> | null = null

  const left = () => blocks.reduce((sum, block) => sum + block.end - block.next, 0)

  async function fetchBlock(): Promise<void> {
    const [row] = await db.query(blockStatement, [])
    const first = Number(row?.first)
    assert(Number.isSafeInteger(first), 'the sequence gives a number', { row })
    blocks.push({ next: first, end: first + blockSize })
  }

  return {
    async ready(count = 0) {
      while (left() < leftMin + count) {
        fetching ??= fetchBlock().finally(() => {
          fetching = null
        })
        await fetching
      }
    },
    next() {
      const [block] = blocks
      assert(block !== undefined, 'ready() was awaited before ids are taken')
      const id = block.next
      block.next += 1
      if (block.next === block.end) blocks.shift()
      return id
    },
  }
}
