import { once } from 'node:events'
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { connect, createServer, type Socket } from 'node:net'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { harborCoffee, type Ready, runRegulars, temporaryFolder, up } from './running.ts'

const sandbox = ['--sandbox', '--program', harborCoffee]

describe('regulars up', () => {
  test('prints one line when ready, with what a script needs, and answers with its keys', async () => {
    const counter = await up(['--data', 'memory', ...sandbox])
    const file = JSON.parse(readFileSync(harborCoffee, 'utf8'))

    const { url, curl, mode, businesses, guests, locations, ...keys } = counter.line
    expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/)
    expect(mode).toBe('sandbox')
    const { business_key, client, client_secret, admin_key, id, name } = file.business
    expect(keys).toEqual({ business_key, client, client_secret, admin_key, id, name })
    expect(locations).toEqual(
      file.locations.map((one: Record<string, unknown>) => ({
        id: one.id,
        name: one.name,
        location_id: one.location_id,
        store_number: one.store_number,
        location_key: one.location_key,
      })),
    )
    expect(guests[0]).toEqual({
      id: expect.any(Number),
      external_id: 'ana',
      first_name: 'Ana',
      last_name: 'Lee',
      email: 'ana@example.com',
      phone: '4155550101',
      card_number: '6000000000000101',
      password: 'harbor-ana-1',
      user_as_qrcode: `P${guests[0].id}`,
      banned: false,
    })
    expect(businesses).toEqual([{ ...keys, locations, guests }])

    const [, authorization = '', address = ''] =
      /^curl -H 'Authorization: ([^']+)' '([^']+)'$/.exec(curl) ?? []
    const reply = await fetch(address, { headers: { authorization } })
    expect(reply.status).toBe(200)
    expect(await reply.json()).toMatchObject({ id: guests[0].id, email: 'ana@example.com' })
    expect(await (await fetch(url)).text()).toContain(business_key)
    expect(counter.stdout().split('\n')).toHaveLength(2)
  })

  test('in live mode shows nobody keys on its page', async () => {
    const { line } = await up(['--data', 'memory', '--program', harborCoffee])
    const page = await (await fetch(line.url)).text()
    expect(page).toContain('/docs')
    expect(page).not.toContain(line.business_key)
  })

  test('serves several businesses, each with its own keys', async () => {
    const bakery = harborCoffee.replace('harbor-coffee', 'corner-bakery')
    const { line } = await up(['--data', 'memory', ...sandbox, '--program', bakery])
    expect(line.businesses.map(({ id }: { id: string }) => id)).toEqual([
      'harbor-coffee',
      'corner-bakery',
    ])
    expect(line).not.toHaveProperty('business_key')
  })

  test('answers what is under way at SIGTERM, then ends and leaves nothing', async () => {
    const counter = await up(['--data', 'memory', ...sandbox])
    const folder = /Creating a database in (\S+)\.$/m.exec(counter.stderr())?.[1] ?? ''
    expect(existsSync(folder)).toBe(true)
    const { finish } = await halfSentRequest(counter)
    const toldAt = performance.now()
    counter.process.kill('SIGTERM')
    await refusesConnections(counter.line.url)

    expect(await finish()).toMatch(/^HTTP\/1\.1 200 /)
    expect(await counter.exited).toBe(0)
    expect(existsSync(folder)).toBe(false)
    // Nothing was left to wait for: the connection was not cut at the end of the ten seconds.
    expect(performance.now() - toldAt).toBeLessThan(9_000)
  })

  test('keeps its data in the folder and starts on it again', async () => {
    const data = temporaryFolder()
    const first = await up(['--data', data, ...sandbox])
    first.process.kill('SIGINT')
    expect(await first.exited).toBe(0)

    const second = await up(['--data', data, ...sandbox])
    expect(second.line.guests).toEqual(first.line.guests)
  })
})

describe('regulars up that cannot start says so in one sentence and exits with 2', () => {
  test('when the port is in use', async () => {
    const server = createServer().listen(0, '127.0.0.1')
    await once(server, 'listening')
    const { port } = server.address() as { port: number }
    const args = ['up', '--data', 'memory', '--port', String(port)]
    const ended = await runRegulars(args)
    server.close()
    expect(ended).toEqual({
      code: 2,
      stdout: '',
      stderr: expect.stringMatching(
        new RegExp(
          `^Creating a database in \\S+\nPort ${port} on 127.0.0.1 is in use; stop what listens ` +
            'there, or choose another with --port.\n$',
        ),
      ),
    })
  })

  test('when another process has the folder open, and that one goes on', async () => {
    const data = temporaryFolder()
    const first = await up(['--data', data, ...sandbox])
    const second = await runRegulars(['up', '--data', data, '--port', '0'])
    expect(second).toEqual({
      code: 2,
      stdout: '',
      stderr: expect.stringMatching(
        new RegExp(`^The data folder \\S+ is already open \\(process ${first.process.pid}, .*\n$`),
      ),
    })
    expect((await fetch(first.line.url)).status).toBe(200)
  })

  test('when the database is in the other mode, unless it is told to change it', async () => {
    const data = temporaryFolder()
    const first = await up(['--data', data, ...sandbox])
    first.process.kill('SIGTERM')
    await first.exited

    const live = await runRegulars(['up', '--data', data, '--port', '0'])
    expect(live).toEqual({
      code: 2,
      stdout: '',
      stderr:
        'This database is in sandbox mode and was to be opened in live mode; start it with ' +
        '--sandbox, name another folder with --data, or change its mode for good with ' +
        '--force-mode.\n',
    })
    const forced = await up(['--data', data, '--force-mode'])
    expect(forced.line.mode).toBe('live')
  })

  test('when the key is not the one its secrets were encrypted with', async () => {
    const data = temporaryFolder()
    const first = await up(['--data', data, ...sandbox])
    first.process.kill('SIGTERM')
    await first.exited

    const env = { REGULARS_SECRET_KEY: Buffer.alloc(32, 1).toString('base64') }
    const { code, stderr } = await runRegulars(['up', '--data', data, '--sandbox'], { env })
    expect({ code, stderr }).toEqual({
      code: 2,
      stderr: expect.stringMatching(/^The secret key is not the one .*\n$/),
    })
  })

  test('when its folder is damaged', async () => {
    const data = temporaryFolder()
    const first = await up(['--data', data])
    first.process.kill('SIGTERM')
    await first.exited
    rmSync(join(data, 'postgres', 'global', 'pg_control'))

    const { code, stderr } = await runRegulars(['up', '--data', data])
    expect({ code, stderr }).toEqual({
      code: 2,
      stderr: expect.stringMatching(/^The database in \S+ is damaged: .*\n$/),
    })
  })

  test('when the schema is another one and may not be changed', async () => {
    const args = ['up', '--data', 'memory', '--no-migrate']
    const { code, stderr } = await runRegulars(args)
    expect({ code, stderr }).toEqual({
      code: 2,
      stderr: expect.stringMatching(/\nThe database has schema 0, this program needs \d+\. .*\n$/),
    })
  })

  test('when a program file is wrong, with every problem and before anything is opened', async () => {
    const data = temporaryFolder()
    const path = join(data, '..', 'program.json')
    const program = JSON.parse(readFileSync(harborCoffee, 'utf8'))
    for (const name of Object.keys(program)) {
      if (typeof program[name] === 'string') delete program[name]
    }
    delete program.codes
    delete program.sign_up
    delete program.subscription_plans
    program.business.time_zone = 'Harbor/Coffee'
    program.locations[0].store_numbr = '1'
    writeFileSync(path, JSON.stringify(program))

    const { code, stderr } = await runRegulars(['up', '--data', data, '--program', path])
    expect(code).toBe(2)
    expect(stderr).toContain(`${path}: business.time_zone: found "Harbor/Coffee"; allowed is `)
    expect(stderr).toContain('Did you mean store_number?')
    expect(existsSync(data)).toBe(false)
  })

  test('when several settings are wrong, all of them together', async () => {
    const env = { DATABASE_URL: 'mysql://x', REGULARS_LOG_LEVEL: 'loud' }
    expect(await runRegulars(['up', '--port', '99999'], { env })).toEqual({
      code: 2,
      stdout: '',
      stderr:
        '--port: found "99999"; allowed is a whole number from 0 to 65535.\n' +
        'DATABASE_URL: found something else; allowed is an address that begins with postgresql://.\n' +
        'REGULARS_LOG_LEVEL: found "loud"; allowed is one of fatal, error, warn, info, debug, trace, silent.\n' +
        'REGULARS_SECRET_KEY: found nothing; with DATABASE_URL it must be set, the same for every server ' +
        'on that database (openssl rand -base64 32).\n',
    })
  })

  test('when the Postgres of DATABASE_URL cannot be reached', async () => {
    const env = {
      DATABASE_URL: 'postgresql://nobody:secret@127.0.0.1:1/none',
      REGULARS_SECRET_KEY: '0'.repeat(64),
    }
    const { code, stderr } = await runRegulars(['up'], { env })
    expect({ code, stderr }).toEqual({
      code: 2,
      stderr:
        'The database cannot be reached (connect ECONNREFUSED 127.0.0.1:1); mend DATABASE_URL, or ' +
        'start Postgres.\n',
    })
  })

  test('when Node is too old', async () => {
    const old = `Object.defineProperty(process, 'versions', { value: { node: '20.20.0' } })`
    const node = ['--import', `data:text/javascript,${encodeURIComponent(old)}`]
    expect(await runRegulars(['up'], { node })).toEqual({
      code: 2,
      stdout: '',
      stderr:
        'Regulars needs Node 22.18 or later, and this is 20.20.0; in a clone, npx regulars uses ' +
        'the Node that npm ci installed.\n',
    })
  })
})

/** A call whose body is sent only half; `finish` sends the rest and answers the whole reply. */
async function halfSentRequest({ line }: Ready) {
  const { hostname, port } = new URL(line.url)
  const body = JSON.stringify({ user_id: line.guests[0].id })
  const socket = connect(Number(port), hostname)
  await once(socket, 'connect')
  const authorization = `Token token=${line.locations[0].location_key}, btoken=${line.business_key}`
  const path = `/api/pos/users/search?email=${line.guests[0].email}`
  socket.write(
    `GET ${path} HTTP/1.1\r\nHost: counter\r\nUser-Agent: Test/1\r\n` +
      `Authorization: ${authorization}\r\nContent-Type: application/json\r\n` +
      `Content-Length: ${body.length}\r\nExpect: 100-continue\r\n\r\n`,
  )
  // The server has read the headers when it asks for the body.
  const [asked] = await once(socket.setEncoding('utf8'), 'data')
  expect(asked).toMatch(/^HTTP\/1\.1 100 /)
  return { finish: () => finish(socket, body) }
}

async function finish(socket: Socket, body: string): Promise<string> {
  let reply = ''
  socket.on('data', (text) => {
    reply += text
  })
  socket.write(body)
  await once(socket, 'close')
  return reply
}

async function refusesConnections(url: string): Promise<void> {
  for (;;) {
    try {
      await fetch(url, { headers: { connection: 'close' } })
    } catch {
      return
    }
  }
}
