import { randomBytes, randomInt } from 'node:crypto'
import type { ProgramFile } from '@regulars/contract/program-file'
import { cents, centsFrom, toDecimal } from '@regulars/contract/values/money'
import { adminSupportGift } from '@regulars/contract/wire/admin-gifting'
import { posBatchRedemptions } from '@regulars/contract/wire/batch-redemptions'
import { posCheckin } from '@regulars/contract/wire/checkins'
import { posActive, posLookup, posSelect } from '@regulars/contract/wire/discounts'
import { adminLedger } from '@regulars/contract/wire/ledger'
import { adminHeadlessRedeemables } from '@regulars/contract/wire/offers-operations'
import type { Operation, ReplyOf } from '@regulars/contract/wire/operation'
import { posConfiguration } from '@regulars/contract/wire/pos-configuration'
import { posCreateUser, posFindUser, posUserBalance } from '@regulars/contract/wire/pos-users'
import { receiptDetails } from '@regulars/contract/wire/receipt-details'
import { sandboxClock } from '@regulars/contract/wire/sandbox'
import { CannotPlay } from './cannot-play.ts'
import { type CheckLine, lineItems, menuItems, menuLine, subtotalOf, tillLine } from './check.ts'
import { localTime } from './local-time.ts'
import type { SceneName } from './scenes.ts'
import type { CallOptions, Wire, WireCall } from './wire.ts'

export type Ledger = ReplyOf<typeof adminLedger>

/** What is told of the sale, in its order. */
export type Told =
  | { kind: 'opened'; business: string; location: string; url: string }
  | { kind: 'called'; scene: SceneName; call: WireCall; entries: Ledger['entries']; ledger: Ledger }
  /** The check as the till shows it after the scene. */
  | { kind: 'check'; title: string; lines: readonly CheckLine[] }
  | { kind: 'closed'; calls: number; milliseconds: number; ledger: Ledger }

type Play = {
  wire: Wire
  tell(told: Told): void
  guestId: number
  /** The last entry that was told of. */
  toldSeq: number
  calls: number
  callMilliseconds: number
}

/**
 * Plays one sale with a guest of its own, so that it can be played again at once, and tells each
 * call with the entries it made. Throws `CannotPlay` when a call is answered otherwise than it is
 * on a counter with the example's program.
 */
export async function playSale(
  { wire, program, url }: { wire: Wire; program: ProgramFile; url: string },
  tell: (told: Told) => void,
): Promise<void> {
  const location = await openShop(wire, { program, url })
  tell({ kind: 'opened', business: program.business.name, location: location.name, url })
  const play: Play = { wire, tell, guestId: 0, toldSeq: 0, calls: 0, callMilliseconds: 0 }
  const guest = await welcomeGuest(play, program)
  const sale: Sale = {
    receipt_datetime: localTime(await counterNow(wire), location.zone),
    transaction_no: String(randomInt(1_000, 10_000)),
    external_uid: `demo-${randomBytes(4).toString('hex')}`,
  }
  const order = [
    menuLine(program, '102', '1.0'),
    menuLine(program, '501', '1.1'),
    menuLine(program, '301', '2.0'),
  ]
  await fillBasket(play, { guest, order, sale })
  await quote(play, { order, sale, otherLocation: program.locations.length > 1 ? 1 : 0 })
  const check = await commit(play, { order: [...order, menuLine(program, '302', '3.0')], sale })
  await earn(play, { guest, check, sale })
  await takeStock(play)
}

async function openShop(wire: Wire, { program, url }: { program: ProgramFile; url: string }) {
  const { business, locations } = program
  const [location] = locations
  const { status, headers } = await wire.call(posConfiguration, {})
  if (location === undefined || headers['Regulars-Code'] === 'invalid_location_key') {
    throw new CannotPlay(
      `The counter at ${url} does not know the keys of ${business.name}; start it with ` +
        'regulars up --program and the same file, or name its file with --program.',
    )
  }
  if (status !== 200) {
    throw new CannotPlay(`What answers at ${url} is no Regulars counter; name one with --url.`)
  }
  return { name: location.name, zone: location.time_zone ?? business.time_zone }
}

type Guest = { email: string; pastryId: number; coffeeId: number }

/** What names one order in all its calls. */
type Sale = { receipt_datetime: string; transaction_no: string; external_uid: string }

async function welcomeGuest(play: Play, program: ProgramFile): Promise<Guest> {
  const { reply: redeemables } = await play.wire.call(adminHeadlessRedeemables, {})
  const idOf = (externalId: string) => {
    const found = redeemables.find(({ redeemable_uuid: uuid }) => uuid === externalId)
    if (found !== undefined) return found.redeemable_id
    throw new CannotPlay(
      `The demo plays a sale of Harbor Coffee, and ${program.business.name} has no redeemable ` +
        `${externalId}; name that program with --program.`,
    )
  }
  const email = `maya.${randomBytes(4).toString('hex')}@example.com`
  const guest = { email, pastryId: idOf('second-pastry'), coffeeId: idOf('free-drip') }
  const made = await play.wire.call(posCreateUser, {
    first_name: 'Maya',
    last_name: 'Lindqvist',
    email,
  })
  expectAnswer(made, 200)
  const user_id = made.reply.id
  play.guestId = user_id
  await told(play, 'sign_up', made)
  const reward = { user_id, redeemable_id: guest.pastryId }
  await make(play, 'gift_reward', adminSupportGift, reward, 201)
  await make(play, 'gift_points', adminSupportGift, { user_id, gift_count: 400 }, 201)
  await make(play, 'gift_currency', adminSupportGift, { user_id, reward_amount: 2.5 }, 201)
  return guest
}

type Order = { order: readonly CheckLine[]; sale: Sale }

async function fillBasket(play: Play, { guest, order, sale }: Order & { guest: Guest }) {
  const user_id = play.guestId
  play.tell({ kind: 'check', title: 'The order', lines: order })
  await make(play, 'find', posFindUser, { lookup_field: 'email', lookup_value: guest.email })
  const { reply } = await make(play, 'look_up', posLookup, { user_id, ...asked(order, sale) })
  const reward = reply.unselected_discounts.find(
    ({ discount_type: type, discount_details: details }) =>
      type === 'reward' && details?.item_id === guest.pastryId,
  )
  await make(play, 'select', posSelect, {
    user_id,
    external_uid: sale.external_uid,
    discount_basket_items_attributes: [
      { discount_type: 'reward', discount_id: String(reward?.discount_id) },
      { discount_type: 'redeemable', discount_id: String(guest.coffeeId) },
      { discount_type: 'discount_amount', discount_value: 2 },
    ],
  })
}

async function quote(
  play: Play,
  { order, sale, otherLocation }: Order & { otherLocation: number },
) {
  const user_id = play.guestId
  const query = { query: true, user_id, ...asked(order, sale) }
  await make(play, 'query', posBatchRedemptions, query, 200, { headers: { Prefer: 'explain' } })
  const other = { user_id, external_uid: 'somebody-else' }
  await make(play, 'other_till', posActive, other, 422, { location: otherLocation })
}

/** Returns the check as it was closed. */
async function commit(play: Play, { order, sale }: Order): Promise<readonly CheckLine[]> {
  const request = { user_id: play.guestId, ...asked(order, sale) }
  const { reply } = await make(play, 'query_again', posBatchRedemptions, {
    query: true,
    ...request,
  })
  const check = settled(order, reply.success.map(discountOf))
  play.tell({ kind: 'check', title: 'Paid by card, and closed', lines: check })
  await make(play, 'commit', posBatchRedemptions, request)
  const again = await make(play, 'commit_again', posBatchRedemptions, request)
  if (again.headers['Regulars-Replay'] !== 'stored') {
    throw new CannotPlay('The retry of the commit was not answered with the stored reply.')
  }
  return check
}

async function earn(
  play: Play,
  { guest, check, sale }: { guest: Guest; check: readonly CheckLine[]; sale: Sale },
): Promise<void> {
  const subtotal = toDecimal(subtotalOf(check))
  const receipt = {
    receipt_amount: subtotal,
    subtotal_amount: subtotal,
    payable: toDecimal(check.find(({ type }) => type === 'P')?.amountCents ?? cents(0)),
    ...sale,
    punchh_key: `${randomInt(100_000, 1_000_000)}${randomInt(100_000, 1_000_000)}`,
    menu_items: menuItems(check),
  }
  await make(play, 'check_in', posCheckin, { email: guest.email, ...receipt })
  await make(play, 'receipt', receiptDetails, receipt)
}

async function takeStock(play: Play): Promise<void> {
  const { wire, guestId } = play
  await make(play, 'balance', posUserBalance, { user_id: guestId })
  const ledger = await readLedger(wire, guestId, 0)
  const { calls, callMilliseconds: milliseconds } = play
  play.tell({ kind: 'closed', calls, milliseconds, ledger })
}

/** What look-up, query and commit are asked with. */
function asked(lines: readonly CheckLine[], sale: Sale) {
  const subtotal = toDecimal(subtotalOf(lines))
  return {
    ...sale,
    receipt_amount: subtotal,
    subtotal_amount: subtotal,
    line_items: lineItems(lines),
  }
}

type Success = ReplyOf<typeof posBatchRedemptions>['success'][number]

function discountOf({ discount_amount, discount_details }: Success) {
  return {
    name: discount_details?.name ?? 'Banked currency',
    amountCents: centsFrom(discount_amount) ?? cents(0),
  }
}

const taxPercent = 9

/** The check as it is closed: each discount a D line, then the tax and the payment. */
function settled(
  sold: readonly CheckLine[],
  discounts: readonly { name: string; amountCents: ReturnType<typeof cents> }[],
): CheckLine[] {
  const bases = sold.filter(({ serial }) => serial.endsWith('.0')).length
  const serial = (place: number) => `${bases + 1 + place}.0`
  const lines = [
    ...sold,
    ...discounts.map((discount, place) => tillLine('D', { ...discount, serial: serial(place) })),
  ]
  const subtotal = subtotalOf(lines)
  const tax = cents(Math.round((subtotal * taxPercent) / 100))
  const paid = cents(subtotal + tax)
  const count = discounts.length
  return [
    ...lines,
    tillLine('T', { name: 'Sales tax', amountCents: tax, serial: serial(count) }),
    tillLine('P', { name: 'Card', amountCents: paid, serial: serial(count + 1) }),
  ]
}

/** The counter's own moment: in the sandbox its clock may have been turned. */
async function counterNow(wire: Wire): Promise<Date> {
  const { status, reply } = await wire.call(sandboxClock, {})
  return status === 200 ? new Date(reply.now) : new Date()
}

async function make<const Op extends Operation>(
  play: Play,
  scene: SceneName,
  operation: Op,
  request: Readonly<Record<string, unknown>>,
  status = 200,
  options: CallOptions = {},
): Promise<WireCall<Op>> {
  const call = await play.wire.call(operation, request, options)
  expectAnswer(call, status)
  await told(play, scene, call)
  return call
}

function expectAnswer({ method, path, status, reply, headers }: WireCall, expected: number): void {
  if (status === expected) return
  const code = headers['Regulars-Code']
  const why = code === undefined ? '' : ` (${code})`
  throw new CannotPlay(
    `${method} ${path.split('?')[0]} was answered with ${status}${why}, not ${expected}: ` +
      `${JSON.stringify(reply)?.slice(0, 300)}`,
  )
}

async function told(play: Play, scene: SceneName, call: WireCall): Promise<void> {
  const ledger = await readLedger(play.wire, play.guestId, play.toldSeq)
  play.toldSeq = ledger.entries.at(-1)?.seq ?? play.toldSeq
  play.calls += 1
  play.callMilliseconds += call.milliseconds
  play.tell({ kind: 'called', scene, call, entries: ledger.entries, ledger })
}

async function readLedger(wire: Wire, guestId: number, after: number): Promise<Ledger> {
  const params = { guest_id: guestId }
  const call = await wire.call(adminLedger, { after }, { params })
  expectAnswer(call, 200)
  return call.reply
}
