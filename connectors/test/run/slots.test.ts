import fc from 'fast-check'
import { expect, test } from 'vitest'
import { openSlots } from '../../src/run/slots.ts'

test('slots are given first come first served, and never more than there are', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 5 }),
      fc.array(fc.integer({ min: 1, max: 4 }), { maxLength: 30 }),
      async (count, turnsHeld) => {
        const slots = openSlots(count)
        const order: number[] = []
        let held = 0
        let heldMost = 0
        await Promise.all(
          turnsHeld.map(async (turns, who) => {
            const release = await slots.take()
            order.push(who)
            held += 1
            heldMost = Math.max(heldMost, held)
            for (let turn = 0; turn < turns; turn += 1) await Promise.resolve()
            held -= 1
            release()
            // Giving it back twice does no harm.
            release()
          }),
        )
        expect(order).toEqual(turnsHeld.map((_, who) => who))
        expect(heldMost).toBe(Math.min(count, turnsHeld.length))
      },
    ),
  )
})
