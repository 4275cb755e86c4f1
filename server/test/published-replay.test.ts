import type { GuestEntry } from '@regulars/contract/program-file'
import { posBatchRedemptions } from '@regulars/contract/wire/batch-redemptions'
import { onlineCheckin } from '@regulars/contract/wire/checkins'
import { onlineSignUp } from '@regulars/contract/wire/online-ordering-users'
import type { Operation } from '@regulars/contract/wire/operation'
import { operations } from '@regulars/contract/wire/operations'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  mistakes,
  type Published,
  problemsOf,
  publishedOperations,
} from '../../contract/test/published-descriptions.ts'
import {
  type Answer,
  type HarborCounter,
  openHarborCounter,
  type TestGuest,
} from './harbor-counter.ts'
import { checkOf, inMenuItems, openTill } from './till.ts'

const folder = process.env.REGULARS_PUBLISHED_OPENAPI
const password = 'a-long-password'

type Replay = { operation: Operation; name: string; sent: unknown; published: Published }

/** The examples of one operation; one without an example is sent what its parameters ask for. */
function replaysOf(operation: Operation, published: Published): Replay[] {
  const requests: [string, unknown][] =
    published.requests.length === 0 ? [['no example', withoutExample]] : published.requests
  return (
    requests
      // Examples that are not JSON were left as text; placeholders are replaced like any member.
      .filter(([, sent]) => typeof sent === 'object')
      .map(([name, sent]) => ({ operation, name, sent, published }))
  )
}

const withoutExample = { email: 'test@example.com' }

describe.skipIf(folder === undefined || folder === '')('the published example requests', () => {
  const published = folder ? publishedOperations(folder) : new Map<string, Published>()
  const replays = operations.flatMap((operation) => {
    const found = published.get(`${operation.method} ${operation.path}`)
    return found === undefined ? [] : replaysOf(operation, found)
  })
  const answered = new Set<string>()
  const covered = operations.filter(({ method, path }) => published.has(`${method} ${path}`)).length

  let counter: HarborCounter
  beforeAll(async () => {
    counter = await openHarborCounter((program) => ({
      ...program,
      guests: replays.map((_, number) => guestNumbered(number)),
    }))
  })
  afterAll(async () => {
    process.stdout.write(
      `Published examples: ${replays.length} requests replayed, ${answered.size} of the ` +
        `${covered} operations answered that are ours and published.\n`,
    )
    await counter.expectSound()
    await counter.close()
  })

  test.each(
    replays.map((replay, number) => ({
      ...replay,
      number,
      title: `${replay.operation.name} ${replay.name}`,
    })),
  )('$title', async ({ operation, sent, published: { replies }, number }) => {
    const guest = counter.guest(`replay-${number}`)
    const live = await prepared(counter, { operation, guest, number })
    const members = alive(sent, live.members) as object
    const answer = await counter.call(operation, members, {
      as: guest,
      ...(live.params === undefined ? {} : { params: live.params }),
    })
    expect(statusOf(answer)).toBe(String(Object.keys(operation.replies)[0]))
    const schema = replies.get(answer.status)
    expect(schema, `${answer.status} is published`).toBeDefined()
    const problems = problemsOf(schema ?? {}, answer.body ?? {}).filter(
      (problem) => !mistakes.some(({ covers }) => covers(operation.name, problem)),
    )
    expect(problems.map(({ instancePath, message }) => `${instancePath} ${message}`)).toEqual([])
    answered.add(operation.name)
  })
})

function statusOf({ status, code, body }: Answer): string {
  return code === null ? String(status) : `${status} ${code} ${JSON.stringify(body)}`
}

const rewards = ['five-off', 'second-pastry', 'crew-cookies'] as const

function guestNumbered(number: number): GuestEntry {
  return {
    id: `replay-${number}`,
    first_name: 'Replayed',
    last_name: 'Guest',
    email: `replay-${number}@example.com`,
    phone: String(4_150_000_000 + number),
    card_number: String(6_000_000_000 + number),
    points: [{ amount: 900 }],
    currency: [{ amount: 20 }],
    rewards: rewards.map((redeemable) => ({ id: redeemable, redeemable })),
    staged_codes: [{ id: 'code', code: String(7_000_000 + number), redeemable: 'free-drip' }],
  }
}

type Prepared = {
  /** What replaces the members of an example, wherever they stand in it. */
  members: Readonly<Record<string, unknown>>
  params?: Record<string, string>
}

/** Does what a till has done before it makes this call, and says what is there since. */
async function prepared(
  counter: HarborCounter,
  { operation, guest, number }: { operation: Operation; guest: TestGuest; number: number },
): Promise<Prepared> {
  const uid = `replay-${number}`
  const entry = guestNumbered(number)
  const isNew = operation.name.endsWith('-create') || operation.name.endsWith('-sign-in')
  const chosen = rewards.map((id) => ['reward', guest.rewardIds.get(id) ?? 0] as const)
  const members: Record<string, unknown> = {
    user_id: guest.guestId,
    email: isNew ? `new-${number}@example.com` : entry.email,
    phone: isNew ? String(4_160_000_000 + number) : entry.phone,
    card_number: isNew ? String(6_100_000_000 + number) : entry.card_number,
    user_as_qrcode: `P${guest.guestId}`,
    redemption_code: String(7_000_000 + number),
    client: counter.program.business.client,
    authentication_token: guest.token,
    external_uid: uid,
    store_number: '0007',
    location_id: 4101,
    favourite_locations: '4101',
    fav_location_id: '4101',
    punchh_key: String(700_000_000_000 + number),
    password,
    password_confirmation: password,
    discount_basket_items_attributes: chosen.map(([type, id]) => ({
      discount_type: type,
      discount_id: String(id),
    })),
    lookup_field: 'phone',
    lookup_value: entry.phone,
  }
  const till = openTill(counter)
  const check = checkOf(counter.program, ['401', '113'])
  if (/-(unselect|active|unlock|lookup|batch-redemptions|void)$/.test(operation.name)) {
    const { body } = await till.select(
      guest,
      chosen.slice(0, 1),
      // The app is nobody's till: it would find the basket locked.
      operation.surface === 'mobile' ? null : uid,
    )
    members.discount_basket_item_ids = body.discount_basket_items.map(
      (item: { discount_basket_item_id: number }) => item.discount_basket_item_id,
    )
  }
  if (operation.name.endsWith('batch-redemptions-void')) {
    const { body } = await counter.call(posBatchRedemptions, {
      ...check,
      user_id: guest.guestId,
      external_uid: uid,
    })
    return { members, params: { redemption_ref: body.redemption_ref } }
  }
  if (/^online-checkins-(update|void)$/.test(operation.name)) {
    const pending = { ...inMenuItems(check), store_number: '0007', external_uid: uid }
    await counter.call(onlineCheckin, { ...pending, state: 'pending' }, { as: guest })
  }
  if (operation.name === 'online-customers-sign-in') {
    const user = { email: members.email, first_name: 'New', last_name: 'Guest', password }
    await counter.call(onlineSignUp, { user: { ...user, password_confirmation: password } })
  }
  return { members }
}

/** An example with every member that names something replaced by one that exists. */
function alive(sent: unknown, members: Prepared['members']): unknown {
  if (Array.isArray(sent)) return sent.map((one) => alive(one, members))
  if (typeof sent !== 'object' || sent === null) return sent
  return Object.fromEntries(
    Object.entries(sent).map(([name, value]) => [
      name,
      name in members ? members[name] : alive(value, members),
    ]),
  )
}
