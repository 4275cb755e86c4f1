import Type from 'typebox'
import { nullable } from '../wire/operation.ts'
import { count, day, entry, flag, languageTag, money, reference, slug, text } from './members.ts'

const end = {
  expires_on: Type.Optional(day('The last day it can be used.')),
  expires_in_days: Type.Optional(
    Type.Integer({
      minimum: -3_650,
      maximum: 3_650,
      description:
        'The same, counted from the day the guest is created: 0 ends that day, -1 ended before.',
    }),
  ),
}

const lot = (description: string, amount: Type.TNumber | Type.TInteger) =>
  entry(
    {
      amount,
      earned_days_ago: Type.Optional(
        count('Counted from the day the guest is created.', { maximum: 3_650, default: 0 }),
      ),
      ...end,
    },
    description,
  )

const reward = entry(
  {
    id: slug('Your own key for the reward, unique for the guest.'),
    redeemable: reference('redeemables', 'What it is a reward of.'),
    gift_reason: Type.Optional(text('Why it was given.', { maxLength: 255 })),
    ...end,
  },
  "One reward. Ends no later than the redeemable's own rules say.",
)

const subscription = entry(
  {
    id: slug('Your own key for the subscription, unique for the guest.'),
    plan: reference('subscription_plans', 'What was bought.'),
    bought_days_ago: Type.Optional(
      count('Counted from the day the guest is created.', { maximum: 3_650, default: 0 }),
    ),
    cancelled: Type.Optional(
      Type.Enum(['soft', 'hard'], {
        description: '`soft` keeps its benefits to the end, `hard` ended them at once.',
      }),
    ),
    ...end,
  },
  'One subscription.',
)

const stagedCode = entry(
  {
    id: slug('Your own key for the code, unique for the guest.'),
    code: Type.String({
      pattern: '^[0-9]{7}$',
      looksLike: 'seven digits',
      description: 'Seven digits, as apps show them.',
    }),
    reward: Type.Optional(
      Type.String({ description: "It stands for a reward: the reward's id at this guest." }),
    ),
    redeemable: Type.Optional(
      reference('redeemables', 'It stands for a redeemable bought with points.'),
    ),
    currency: Type.Optional(money('It stands for banked currency.', { minimum: 0.01 })),
    card: Type.Optional(Type.Literal(true, { description: 'It stands for a full card.' })),
    expires_in_minutes: Type.Optional(
      count("How long it lasts; the program's own rule when absent.", { minimum: 1 }),
    ),
  },
  'A code made in the app. It stands for exactly one of the four.',
)

/** A guest who is there from the start, with what the guest owns. Created once, never updated. */
export const guest = entry(
  {
    id: slug('Your own key for the guest.'),
    first_name: text('Given name.', { maxLength: 100 }),
    last_name: text('Family name.', { maxLength: 100 }),
    email: Type.Optional(
      Type.String({
        pattern: '^[^@\\s]+@[^@\\s]+\\.[^@\\s]+$',
        maxLength: 255,
        looksLike: 'an e-mail address',
        description: 'Unique in the business.',
      }),
    ),
    phone: Type.Optional(
      Type.String({
        pattern: '^[0-9]{10}$',
        looksLike: 'ten digits',
        description: 'Ten digits, unique in the business.',
      }),
    ),
    card_number: Type.Optional(
      Type.String({
        pattern: '^[0-9]{6,20}$',
        looksLike: 'six to twenty digits',
        description: 'A loyalty card, usually sixteen digits, unique in the business.',
      }),
    ),
    password: Type.Optional(
      Type.String({
        minLength: 8,
        maxLength: 128,
        secret: true,
        description: 'For signing in to online ordering and the app; for examples only.',
      }),
    ),
    birthday: Type.Optional(day('Date of birth.')),
    gender: Type.Optional(
      Type.Enum(['male', 'female', 'declined'], { description: 'As published.' }),
    ),
    zip_code: Type.Optional(text('Postal code.', { maxLength: 16 })),
    preferred_locale: Type.Optional(languageTag('A language tag.')),
    favourite_location: Type.Optional(reference('locations', 'The id of a location.')),
    banned: Type.Optional(flag('May neither earn nor redeem.', false)),
    joined_days_ago: Type.Optional(
      count('Counted from the day the guest is created.', { maximum: 3_650, default: 0 }),
    ),
    qualification_points: Type.Optional(
      count('Points toward the tier, which decide it; the sum of `points` when absent.'),
    ),
    points: Type.Optional(
      Type.Array(lot('Points that came in together.', count('How many.', { minimum: 1 })), {
        description: 'Points.',
      }),
    ),
    visits: Type.Optional(
      Type.Array(lot('Visits that came in together.', count('How many.', { minimum: 1 })), {
        description: 'Visits.',
      }),
    ),
    currency: Type.Optional(
      Type.Array(lot('Currency banked together.', money('How much.', { minimum: 0.01 })), {
        description: 'Banked currency.',
      }),
    ),
    fuel_rate: Type.Optional(
      nullable(
        Type.Number({
          minimum: 0,
          maximum: 100,
          decimals: 6,
          description: 'Fuel discount per unit of volume.',
        }),
      ),
    ),
    rewards: Type.Optional(Type.Array(reward, { description: 'Rewards.' })),
    subscriptions: Type.Optional(Type.Array(subscription, { description: 'Subscriptions.' })),
    staged_codes: Type.Optional(Type.Array(stagedCode, { description: 'Codes made in the app.' })),
  },
  'One guest.',
)
