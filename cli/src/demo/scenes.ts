import type { Shape } from './json-text.ts'

/** How one call is told: what it is for, and which members of it matter. */
export type Scene = { title: string; says: string; sent: Shape; got: Shape }

const offer = { discount_amount: true, discount_details: { name: true } } as const
const quoted = { redemption_ref: true, success: [offer] } as const
const committed = {
  redemption_ref: true,
  success: [{ redemption_id: true, discount_amount: true, discount_type: true }],
  failures: true,
} as const
const check = { external_uid: true, subtotal_amount: true } as const
const gift = { user_id: true } as const

/** Every call of the sale, in its order. */
export const scenes = {
  sign_up: {
    title: 'A guest signs up at the till',
    says: 'The program greets her with points and a reward of its own.',
    sent: true,
    got: {
      id: true,
      first_name: true,
      balance: { points_balance: true },
      rewards: [{ name: true }],
    },
  },
  gift_reward: {
    title: 'The operator gives her a reward',
    says: 'Two pastries, and the cheaper one is free.',
    sent: { ...gift, redeemable_id: true },
    got: true,
  },
  gift_points: {
    title: '… and points',
    says: '',
    sent: { ...gift, gift_count: true },
    got: true,
  },
  gift_currency: {
    title: '… and money in the bank',
    says: '',
    sent: { ...gift, reward_amount: true },
    got: true,
  },
  find: {
    title: 'Who is at the till?',
    says: 'Any identifier will do: e-mail, phone, card, a code from the app.',
    sent: true,
    got: { user_id: true, first_name: true, locked: true },
  },
  look_up: {
    title: 'What could she use on this order?',
    says: 'Everything she has, priced on these lines.',
    sent: { user_id: true, ...check },
    got: { selected_discounts: [offer], unselected_discounts: [offer] },
  },
  select: {
    title: 'She chooses three',
    says: 'A reward, a coffee for points, and two dollars from the bank. Nothing is spent yet.',
    sent: { external_uid: true, discount_basket_items_attributes: true },
    got: {
      redemption_ref: true,
      discount_basket_items: [{ discount_type: true, discount_details: { name: true } }],
    },
  },
  query: {
    title: 'What will it come to?',
    says: 'One of the three does not qualify, and the counter says what is missing.',
    sent: { query: true, ...check },
    got: {
      ...quoted,
      failures: [{ code: true, discount_details: { name: true } }],
      explanation: { items: [{ outcome: true, nearest_miss: true }] },
    },
  },
  other_till: {
    title: 'Another store reaches for the same basket',
    says: 'The query locked it: only the order that holds it may touch it.',
    sent: { user_id: true, external_uid: true },
    got: true,
  },
  query_again: {
    title: 'She takes another croissant; the till asks again',
    says: 'Now all three are granted.',
    sent: { query: true, ...check },
    got: { ...quoted, failures: true },
  },
  commit: {
    title: 'Commit',
    says: 'Paid. The same rules once more, and this time it counts.',
    sent: { user_id: true, ...check },
    got: committed,
  },
  commit_again: {
    title: 'The reply was lost, so the till commits again',
    says: 'Same external_uid, same check: the stored reply, and not a point twice.',
    sent: { user_id: true, ...check },
    got: committed,
  },
  check_in: {
    title: 'Check-in: the closed check earns',
    says: 'Discounts come as D lines; she earns on what she paid for.',
    sent: {
      external_uid: true,
      subtotal_amount: true,
      payable: true,
      menu_items: [{ menu_item_type: true, item_name: true, item_amount: true }],
    },
    got: { points_earned: true, balance: { points_balance: true, pending_points: true } },
  },
  receipt: {
    title: 'The receipt is stored',
    says: 'Every check is, with a guest or without; a correction would be its next version.',
    sent: { punchh_key: true, transaction_no: true, receipt_amount: true },
    got: true,
  },
  balance: {
    title: 'Where she stands',
    says: 'The balance is the sum of the entries, always.',
    sent: true,
    got: {
      account_balance: {
        points_balance: true,
        banked_rewards: true,
        pending_points: true,
        membership_level: true,
      },
    },
  },
} as const satisfies Record<string, Scene>

export type SceneName = keyof typeof scenes
