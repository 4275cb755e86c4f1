import { expect, test } from 'vitest'
import { type Body, connected } from './client.ts'

const reader = await connected({ ordersPerDay: 0, days: 40 })
const dates = Array.from({ length: 18 }, (_, index) => 20260301 + index)
const guids = (things: Body[]) => things.map(({ guid }) => guid).sort()
const entries = (query: string, restaurant = 0) =>
  reader.get(`/labor/v1/timeEntries?${query}`, restaurant).then(({ body }) => body as Body[])

const worked = 'startDate=2026-02-20T00:00:00.000Z&endDate=2026-03-20T00:00:00.000Z'
const modified =
  'modifiedStartDate=2026-02-20T00:00:00.000Z&modifiedEndDate=2026-03-20T17:30:01.000Z'

test('selectors of time entries differ in whether archived ones show', async () => {
  const archived = (list: Body[]) => list.filter(({ deleted }) => deleted).length
  const byModified = await entries(modified)
  const plain = await entries(worked)
  const withArchived = await entries(`${worked}&includeArchived=true`)
  expect(archived(byModified)).toBeGreaterThan(0)
  expect(archived(plain)).toBe(0)
  expect(archived(withArchived)).toBeGreaterThan(0)
  expect(withArchived.length).toBe(plain.length + archived(withArchived))
})

test('missed breaks show only when asked for', async () => {
  const missed = (list: Body[]) =>
    list.flatMap(({ breaks }) => breaks).filter((each: Body) => each.missed).length
  expect(missed(await entries(modified))).toBe(0)
  expect(missed(await entries(`${modified}&includeMissedBreaks=true`))).toBeGreaterThan(5)
})

test('a business date has the entries of its own business day, in every restaurant', async () => {
  for (const restaurant of [0, 1, 2]) {
    const all = await entries(worked, restaurant)
    for (const date of dates) {
      const ofDate = await entries(`businessDate=${date}`, restaurant)
      const wanted = all.filter(({ businessDate }) => businessDate === String(date))
      expect(guids(ofDate)).toEqual(guids(wanted))
    }
  }
})

test('who forgets to clock out is clocked out by the closeout', async () => {
  const auto = (await entries(worked, 0)).filter(({ autoClockedOut }) => autoClockedOut)
  expect(auto.length).toBeGreaterThan(0)
  // Four in the morning in New York, before and after clocks went forward.
  const hours = new Set(auto.map(({ outDate }) => outDate.slice(11)))
  expect([...hours].sort()).toEqual(['08:00:00.000+0000', '09:00:00.000+0000'])
})

test('a shift reference is an object in one restaurant and a bare guid in the next', async () => {
  const shapes = async (restaurant: number) =>
    new Set(
      (await entries(worked, restaurant)).map(({ shiftReference }) =>
        shiftReference === null ? 'null' : typeof shiftReference,
      ),
    )
  expect([...(await shapes(0))].sort()).toEqual(['null', 'object'])
  expect([...(await shapes(1))].sort()).toEqual(['null', 'string'])
})

test('shifts are found by their own time: one across the edge of a window matches neither side', async () => {
  const shifts = async (start: string, end: string) =>
    (await reader.get(`/labor/v1/shifts?startDate=${start}&endDate=${end}`, 0)).body as Body[]
  const all = await shifts('2026-03-09T00:00:00.000Z', '2026-03-12T20:00:00.000Z')
  const [one, other] = [
    await shifts('2026-03-09T00:00:00.000Z', '2026-03-11T00:00:00.000Z'),
    await shifts('2026-03-11T00:00:00.000Z', '2026-03-12T20:00:00.000Z'),
  ]
  const lost = all.filter(({ guid }) => ![...one, ...other].some((each) => each.guid === guid))
  expect(lost.length).toBeGreaterThan(0)
  for (const { inDate, outDate } of lost) {
    expect(inDate < '2026-03-11' && outDate >= '2026-03-11').toBe(true)
  }
  const future = await shifts('2026-03-21T00:00:00.000Z', '2026-04-02T00:00:00.000Z')
  expect(future.length).toBeGreaterThan(50)
  const { body } = await reader.get(`/labor/v1/shifts?shiftIds=${lost[0].guid}`, 0)
  expect(guids(body)).toEqual([lost[0].guid])
})

test('the schedule moves: shifts appear, are edited, and are deleted with or without a trace', async () => {
  const live = await connected({ ordersPerDay: 0, days: 3, tokenSeconds: 8_640_000 })
  const ahead =
    '/labor/v1/shifts?startDate=2026-03-25T00:00:00.000Z&endDate=2026-04-10T00:00:00.000Z'
  const before = (await live.get(ahead, 0)).body as Body[]
  live.standIn.advance({ hours: 23 * 24 })
  const after = (await live.get(ahead, 0)).body as Body[]
  const now = new Map(after.map((shift) => [shift.guid, shift]))
  const gone = before.filter(({ guid }) => !now.has(guid))
  const deleted = before.filter(({ guid }) => now.get(guid)?.deleted)
  const edited = before.filter(({ guid, inDate }) => (now.get(guid)?.inDate ?? inDate) !== inDate)
  expect([
    after.length > before.length,
    gone.length > 0,
    deleted.length > 0,
    edited.length > 0,
  ]).toEqual([true, true, true, true])
})

test('evening cash is of the business day though UTC has turned to the next date', async () => {
  for (const restaurant of [0, 1, 2]) {
    const { body } = await reader.get('/cashmgmt/v1/entries?businessDate=20260310', restaurant)
    const utc = new Set(body.map(({ date }: Body) => date.slice(0, 10)))
    expect([...utc].sort()).toEqual(['2026-03-10', '2026-03-11'])
  }
})

test('an undo is an entry of its own, also on a later day', async () => {
  const byDate = new Map<number, Body[]>()
  for (const date of dates) {
    const { body } = await reader.get(`/cashmgmt/v1/entries?businessDate=${date}`, 0)
    byDate.set(date, body)
  }
  const dateOf = new Map(
    [...byDate].flatMap(([date, list]) => list.map(({ guid }) => [guid, date])),
  )
  const undos = [...byDate].flatMap(([date, list]) =>
    list.filter(({ undoes }) => undoes !== null).map((undo) => ({ date, undo })),
  )
  const late = undos.filter(({ date, undo }) => (dateOf.get(undo.undoes) ?? date) < date)
  expect(undos.length).toBeGreaterThan(0)
  expect(late.length).toBeGreaterThan(0)
  expect(new Set(undos.map(({ undo }) => undo.type))).toEqual(new Set(['UNDO_PAY_OUT']))
})

test('the deposit of a day is made on a later morning', async () => {
  const { body } = await reader.get('/cashmgmt/v1/deposits?businessDate=20260319', 0)
  const [deposit] = body
  expect(deposit.date > '2026-03-20T12').toBe(true)
  const fresh = await connected({ ordersPerDay: 0, now: '2026-03-20T06:00:00.000Z' })
  expect((await fresh.get('/cashmgmt/v1/deposits?businessDate=20260319', 0)).body).toEqual([])
})

test('archived employees stay in the list, and a deleted job shows to who asks for it', async () => {
  const live = await connected({ ordersPerDay: 0, tokenSeconds: 864_000 })
  const jobs = async (query = '') => (await live.get(`/labor/v1/jobs${query}`, 0)).body as Body[]
  const people = async () => (await live.get('/labor/v1/employees', 0)).body as Body[]
  const [jobsBefore, peopleBefore] = [await jobs(), await people()]
  live.standIn.advance({ hours: 7 * 24 })
  const [jobsAfter, peopleAfter] = [await jobs(), await people()]
  const lost = jobsBefore.filter(({ guid }) => !guids(jobsAfter).includes(guid))
  expect(lost.length).toBe(1)
  const [asked] = await jobs(`?jobIds=${lost[0].guid}`)
  expect([asked.deleted, asked.deletedDate > '2026-03-20']).toEqual([true, true])
  const archived = (list: Body[]) => list.filter(({ deleted }) => deleted).length
  expect([archived(peopleBefore), archived(peopleAfter)]).toEqual([1, 2])
  expect(peopleAfter.length).toBe(peopleBefore.length + 1)
  const dangling = peopleAfter.flatMap(({ jobReferences }) => jobReferences ?? [])
  expect(dangling.some(({ guid }: Body) => guid === lost[0].guid)).toBe(false)
})
