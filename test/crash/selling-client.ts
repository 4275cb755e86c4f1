import { setTimeout as sleep } from 'node:timers/promises'
import type { CounterProcess, StartLine } from './counter-process.ts'

/** What a client was told and may rely on: everything here was acknowledged. */
export type Acknowledged = {
  commits: Map<string, { guestId: number; redemptionRef: string; redemptionId: number }>
  voids: Set<string>
  checkins: Map<string, { guestId: number; checkinId: number; points: number }>
  /** Calls that were sent again because the first reply never came. */
  retries: number
}

type Reply = { status: number; body: Record<string, unknown> }

const replyMs = 15_000

/** One till that sells to one guest, sale after sale, and repeats every call until it is answered. */
export function sellingClient(
  counter: CounterProcess,
  { number, told }: { number: number; told: Acknowledged },
) {
  async function call(method: string, path: string, body: object): Promise<Reply> {
    for (let attempt = 1; ; attempt += 1) {
      const line = await counter.ready()
      const reply = await send(line, { method, path, body }).catch(() => null)
      if (reply !== null && reply.status < 500) return reply
      told.retries += 1
      await sleep(Math.min(10 * attempt, 100))
    }
  }

  async function sell(sale: number): Promise<void> {
    const { guests } = await counter.ready()
    const guest = guests[number]
    if (guest === undefined) throw new Error('a guest for each client')
    const uid = `sale-${number}-${sale}`
    const check = checkNumbered(number, sale)
    const user = { user_id: guest.id, external_uid: uid }

    const selected = await call('POST', '/api/pos/discounts/select', {
      ...user,
      discount_basket_items_attributes: [
        { discount_type: 'discount_amount', discount_value: 0.01 },
      ],
    })
    // Sent again after its reply was lost, it is there already.
    must(selected.status === 200 || textOf(selected).includes('already been taken'), selected)

    const committed = await call('POST', '/api/pos/batch_redemptions', { ...user, ...check })
    must(committed.status === 200, committed)
    const [granted] = committed.body.success as { redemption_id: number }[]
    must(granted !== undefined, committed)
    const redemptionRef = String(committed.body.redemption_ref)
    const redemptionId = granted?.redemption_id ?? 0
    told.commits.set(uid, { guestId: guest.id, redemptionRef, redemptionId })

    if (sale % 4 === 3) {
      const path = `/api/pos/batch_redemptions/${redemptionRef}`
      const voided = await call('DELETE', path, { user_id: guest.id })
      must(voided.status === 202, voided)
      told.voids.add(uid)
      return
    }
    const { line_items, ...rest } = check
    const checkedIn = await call('POST', '/api/pos/checkins', {
      email: guest.email,
      external_uid: uid,
      ...rest,
      menu_items: line_items.map((line) => ({
        item_name: line.item_name,
        item_qty: line.item_qty,
        item_amount: line.amount,
        menu_item_type: line.item_type,
        menu_item_id: line.item_id,
        menu_family: line.item_family,
        menu_major_group: line.item_group,
        serial_number: line.serial_number,
      })),
    })
    must(checkedIn.status === 200, checkedIn)
    told.checkins.set(uid, {
      guestId: guest.id,
      checkinId: Number(checkedIn.body.checkin_id),
      points: Number(checkedIn.body.points_earned),
    })
  }

  return {
    /** Sells until told to stop; the sale under way is finished. */
    async sellUntil(stop: AbortSignal): Promise<void> {
      for (let sale = 0; !stop.aborted; sale += 1) await sell(sale)
    },
  }
}

async function send(
  { url, business_key, locations }: StartLine,
  { method, path, body }: { method: string; path: string; body: object },
): Promise<Reply> {
  const response = await fetch(url + path, {
    method,
    headers: {
      authorization: `Token token=${locations[0]?.location_key}, btoken=${business_key}`,
      'content-type': 'application/json',
      'user-agent': 'CrashTest/POS/1.0',
    },
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(replyMs),
  })
  const text = await response.text()
  return { status: response.status, body: text === '' ? {} : JSON.parse(text) }
}

function checkNumbered(client: number, sale: number) {
  return {
    line_items: [
      {
        item_name: 'Latte',
        item_qty: 1,
        amount: 4.65,
        item_type: 'M',
        item_id: '113',
        item_family: 'espresso',
        item_group: 'hot-drinks',
        serial_number: '1.0',
      },
    ],
    receipt_amount: 4.65,
    subtotal_amount: 4.65,
    receipt_datetime: new Date().toISOString().slice(0, 10).concat('T12:00:00-08:00'),
    transaction_no: String(sale),
    punchh_key: String(500_000_000_000 + client * 1_000_000 + sale),
  }
}

function textOf({ body }: Reply): string {
  return String(body.error ?? '')
}

function must(isSo: boolean, reply: Reply): void {
  if (!isSo) throw new Error(`a till was answered ${reply.status} ${JSON.stringify(reply.body)}`)
}
