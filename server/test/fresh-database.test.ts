import pg from 'pg'
import { expect, test } from 'vitest'
import { freshDatabase } from './fresh-database.ts'

test('two fresh databases do not see each other, and are gone once dropped', async () => {
  const [one, other] = await Promise.all([freshDatabase(), freshDatabase()])
  const client = new pg.Client(one.url)
  await client.connect()
  await client.query('create table seen_by_one (id bigint)')
  await client.end()

  const otherClient = new pg.Client(other.url)
  await otherClient.connect()
  await expect(otherClient.query('select from seen_by_one')).rejects.toThrow(/does not exist/)
  await otherClient.end()

  await Promise.all([one.drop(), other.drop()])
  await expect(new pg.Client(one.url).connect()).rejects.toThrow(/does not exist/)
})
