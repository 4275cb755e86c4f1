import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'
import { posSearchUsers } from '@regulars/contract/wire/pos-users'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { newGuestState } from '../src/actions/create-guest.ts'
import { ConnectionLostError, openDatabase } from '../src/store/db.ts'
import type { GuestChange } from '../src/store/guest-state.ts'
import { openRecorder } from '../src/store/recorder.ts'
import { type HarborCounter, openHarborCounter } from './harbor-counter.ts'

let counter: HarborCounter
beforeAll(async () => {
  counter = await openHarborCounter()
})
afterAll(() => counter.close())

function newGuest(firstName: string): GuestChange {
  const { deps, businessId } = counter
  const contact = { email: null, phone: null, cardNumber: null }
  const named = { firstName, lastName: null, profile: {}, passwordHash: null }
  const guestId = deps.ids.next()
  const after = newGuestState({ businessId, ...contact, ...named }, { guestId, now: deps.now() })
  return { before: null, after, entries: [] }
}

test('of a group of writes, one that the database cannot take is told so, and the others are written', async () => {
  const recorder = openRecorder(counter.deps.db, counter.deps.now)
  await counter.deps.ids.ready()
  const names = Array.from({ length: 40 }, (_, place) => (place === 25 ? 'no\0text' : `n${place}`))
  const outcomes = await Promise.allSettled(names.map((name) => recorder.record(newGuest(name))))
  const failed = outcomes.flatMap(({ status }, place) => (status === 'rejected' ? [place] : []))
  expect(failed).toEqual([25])
  const [row] = await counter.rows(
    `select count(*) as made from guests where first_name ~ '^n\\d+$'`,
  )
  expect(row).toEqual({ made: 39 })
})

const pidOf = { name: 'test_pid', text: 'select pg_backend_pid() as pid' }

test('a connection that dies inside a transaction fails that alone, and the server lives', async () => {
  const work = counter.deps.db.transaction(async (queries) => {
    const [row] = await queries.query(pidOf, [])
    await counter.rows('select pg_terminate_backend($1, 5000)', [row?.pid])
    await queries.query(pidOf, [])
  })
  await expect(work).rejects.toThrow(ConnectionLostError)
  expect(await counter.rows('select 1 as one')).toEqual([{ one: 1 }])
})

test('after Postgres ended every connection, calls are answered as before', async () => {
  const ana = { email: 'ana@example.com' }
  await Promise.all(Array.from({ length: 8 }, () => counter.call(posSearchUsers, ana)))
  await counter.rows(
    `select pg_terminate_backend(pid, 5000) from pg_stat_activity
      where datname = current_database() and pid <> pg_backend_pid()`,
  )
  const answers = await Promise.all(
    Array.from({ length: 8 }, () => counter.call(posSearchUsers, ana)),
  )
  expect(answers.map(({ status }) => status)).toEqual(Array(8).fill(200))
})

test('a Postgres that takes connections and never answers fails a call in time', async () => {
  const mute = createServer().listen(0, '127.0.0.1')
  await once(mute, 'listening')
  const { port } = mute.address() as AddressInfo
  const databaseUrl = `postgres://somebody@127.0.0.1:${port}/nothing`
  const db = openDatabase({ databaseUrl, connectMsMax: 100 })
  await expect(db.query(pidOf, [])).rejects.toThrow(ConnectionLostError)
  await db.close()
  mute.close()
})
