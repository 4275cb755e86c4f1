import type { ProgramFile } from '@regulars/contract/program-file'
import { posBatchRedemptions, posVoidBatch } from '@regulars/contract/wire/batch-redemptions'
import { posCheckin } from '@regulars/contract/wire/checkins'
import {
  posActive,
  posAutoSelect,
  posLookup,
  posSelect,
  posUnlock,
  posUnselect,
} from '@regulars/contract/wire/discounts'
import { receiptDetails } from '@regulars/contract/wire/receipt-details'
import type { Answer, CallOptions, HarborCounter, TestGuest } from './harbor-counter.ts'

/** One base item of the menu by its id, or a base item followed by its modifiers. */
export type Ordered = string | readonly [base: string, ...modifiers: string[]]

/** What a till sends about a check, in the dialect of Redemptions 2.0. */
export type Check = {
  line_items: readonly Line[]
  receipt_amount: number
  subtotal_amount: number
  receipt_datetime: string
  transaction_no: string
  punchh_key: string
}

type Line = {
  item_name: string
  item_qty: number
  amount: number
  item_type: string
  item_id: string
  item_family: string
  item_group: string
  serial_number: string
}

/** Rings up items of the program's menu at their prices. `more` replaces members. */
export function checkOf(
  { menu }: ProgramFile,
  ordered: readonly Ordered[],
  more: Partial<Check> = {},
): Check {
  const priced = [...(menu?.items ?? []), ...(menu?.modifiers ?? [])]
  const line_items = ordered.flatMap((one, place) =>
    (typeof one === 'string' ? [one] : one).map((id, index): Line => {
      const item = priced.find((each) => each.item_id === id)
      if (item === undefined) throw new Error(`the menu has no ${id}`)
      return {
        item_name: item.item_name,
        item_qty: 1,
        amount: item.price,
        item_type: 'M',
        item_id: id,
        item_family: item.item_family ?? '',
        item_group: item.item_group ?? '',
        serial_number: `${place + 1}.${index}`,
      }
    }),
  )
  const cents = line_items.reduce((sum, { amount }) => sum + Math.round(amount * 100), 0)
  return {
    line_items,
    receipt_amount: cents / 100,
    subtotal_amount: cents / 100,
    receipt_datetime: '2026-11-20T10:00:00-08:00',
    transaction_no: '1001',
    punchh_key: '200000000001',
    ...more,
  }
}

/** The same check in the dialect of check-ins and receipts. */
export function inMenuItems({ line_items, ...check }: Check) {
  return {
    ...check,
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
  }
}

/** A discount as select asks for it: `['reward', 12]`, `['discount_amount', 3.5]`, `['fuel_reward']`. */
export type Wish = readonly [type: string, idOrValue?: number | string]

/** The calls of one till, each answered as it came. Without `at` it stands in the first store. */
export function openTill(counter: HarborCounter, at?: string) {
  const call = (
    operation: Parameters<HarborCounter['call']>[0],
    members: object,
    options: CallOptions = {},
  ): Promise<Answer> =>
    counter.call(operation, members, { ...(at === undefined ? {} : { at }), ...options })
  const user = (guest: TestGuest) => ({ user_id: guest.guestId })
  const uidOf = (uid: string | null) => (uid === null ? {} : { external_uid: uid })
  return {
    select: (guest: TestGuest, wishes: readonly Wish[], uid: string | null = null, options = {}) =>
      call(
        posSelect,
        {
          ...user(guest),
          ...uidOf(uid),
          discount_basket_items_attributes: wishes.map(([type, what]) => ({
            discount_type: type,
            ...(type === 'discount_amount' ? { discount_value: what } : {}),
            ...(type !== 'discount_amount' && what !== undefined ? { discount_id: what } : {}),
          })),
        },
        options,
      ),
    unselect: (guest: TestGuest, itemIds: readonly number[], uid: string | null = null) =>
      call(posUnselect, { ...user(guest), ...uidOf(uid), discount_basket_item_ids: itemIds }),
    active: (guest: TestGuest, uid: string | null = null, options = {}) =>
      call(posActive, { ...user(guest), ...uidOf(uid) }, options),
    unlock: (guest: TestGuest, uid: string) => call(posUnlock, { ...user(guest), ...uidOf(uid) }),
    autoSelect: (guest: TestGuest, check: Check, uid: string | null = null, options = {}) =>
      call(posAutoSelect, { ...user(guest), ...check, ...uidOf(uid) }, options),
    lookUp: (guest: TestGuest, check: Check, uid: string | null = null, options = {}) =>
      call(posLookup, { ...user(guest), ...check, ...uidOf(uid) }, options),
    query: (guest: TestGuest, check: Check, uid: string | null = null, options = {}) =>
      call(posBatchRedemptions, { ...user(guest), ...check, ...uidOf(uid), query: true }, options),
    commit: (guest: TestGuest, check: Check, uid: string | null = null, options = {}) =>
      call(posBatchRedemptions, { ...user(guest), ...check, ...uidOf(uid), query: false }, options),
    voidCommit: (guest: TestGuest, redemptionRef: string) =>
      call(posVoidBatch, user(guest), { params: { redemption_ref: redemptionRef } }),
    checkIn: (email: string, check: Check, uid: string | null = null, options = {}) =>
      call(posCheckin, { email, ...inMenuItems(check), ...uidOf(uid) }, options),
    storeReceipt: (check: Check, more: object = {}) =>
      call(receiptDetails, { ...inMenuItems(check), ...more }),
  }
}

export type Till = ReturnType<typeof openTill>
