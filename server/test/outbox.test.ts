import { createServer, type Server as HttpServer } from 'node:http'
import {
  type AddressInfo,
  createServer as createTcpServer,
  type Server,
  type Socket,
} from 'node:net'
import { minuteMs, plusMs, secondMs } from '@regulars/contract/values/instants'
import { sendOneTimeCode } from '@regulars/contract/wire/password-less'
import { sandboxOutbox } from '@regulars/contract/wire/sandbox'
import pino from 'pino'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { buildApp } from '../src/app.ts'
import { deliverBySmtp, deliverByWebhook } from '../src/deliver.ts'
import {
  type Deliver,
  delivery,
  type OutboxOptions,
  openOutboxWorker,
} from '../src/outbox-worker.ts'
import { outboxRoutes } from '../src/routes/outbox.ts'
import { expectReply } from './expect-reply.ts'
import { type HarborCounter, openHarborCounter, opensAt } from './harbor-counter.ts'

let counter: HarborCounter

beforeEach(async () => {
  counter = await openHarborCounter()
})

afterEach(() => counter.close())

const challenge = 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM'

async function askForCode(contact: object = { email: 'marin@harbor.example' }): Promise<string> {
  const answer = await counter.call(sendOneTimeCode, {
    validation_method: 'otp',
    privacy_policy: true,
    terms_and_conditions: true,
    code_challenge: challenge,
    ...contact,
  })
  expectReply(sendOneTimeCode, answer)
  const [message] = await counter.rows('select code from outbox order by message_id desc limit 1')
  return message?.code as string
}

function openWorker(deliver: Partial<OutboxOptions['deliver']>, lines: string[] = []) {
  const { db, now } = counter.deps
  const log = pino({ level: 'trace' }, { write: (line: string) => lines.push(line) })
  return openOutboxWorker({ db, now, log, deliver: { email: null, sms: null, ...deliver } })
}

function taking(): { taken: string[]; deliver: Deliver } {
  const taken: string[] = []
  return { taken, deliver: async ({ body }) => void taken.push(body) }
}

const failing: Deliver = () => Promise.reject(new Error('the mail server is away'))

const outboxRows = () =>
  counter.rows('select attempts, sent_at, failed_at, code, body, last_error from outbox')

describe('the worker of the outbox', () => {
  test('sends a message once and forgets what it said', async () => {
    const code = await askForCode()
    const { taken, deliver } = taking()
    const worker = openWorker({ email: deliver })
    expect([await worker.sendDue(), await worker.sendDue()]).toEqual([1, 0])
    expect(taken).toEqual([expect.stringContaining(code)])
    expect(await outboxRows()).toEqual([
      { attempts: 1, sent_at: opensAt, failed_at: null, code: '', body: '', last_error: null },
    ])
  })

  test('shares messages with other workers: each is taken by one', async () => {
    const codes: string[] = []
    for (let guest = 0; guest < 30; guest += 1) {
      codes.push(await askForCode({ email: `guest-${guest}@harbor.example` }))
    }
    const { taken, deliver } = taking()
    const workers = [1, 2, 3].map(() => openWorker({ email: deliver }))
    const counts = await Promise.all(workers.map((worker) => worker.sendDue()))
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(30)
    expect(taken.map((body) => body.slice(0, 6)).sort()).toEqual([...codes].sort())
  })

  test('tries again ever later, and gives up with the reason', async () => {
    await askForCode()
    await counter.rows(`update outbox set expires_at = expires_at + interval '1 hour'`)
    const worker = openWorker({ email: failing })
    const waits: number[] = []
    for (let attempt = 1; attempt <= delivery.attemptsMax; attempt += 1) {
      expect(await worker.sendDue()).toBe(1)
      const [row] = await counter.rows('select due_at from outbox')
      waits.push(((row?.due_at as number) - counter.clock.now()) / secondMs)
      counter.clock.turn((row?.due_at as number) - counter.clock.now() - 1)
      expect(await worker.sendDue()).toBe(0)
      counter.clock.turn(1)
    }
    // The last is the lease of the attempt that gave up.
    expect(waits).toEqual([2, 4, 8, 16, 32, 64, 120, 120])
    expect(await outboxRows()).toMatchObject([
      { attempts: 8, sent_at: null, code: '', body: '', last_error: 'the mail server is away' },
    ])
    expect(await worker.sendDue()).toBe(0)
  })

  test('sends nothing after the code has run out', async () => {
    await askForCode()
    counter.clock.turn(10 * minuteMs)
    const { taken, deliver } = taking()
    await openWorker({ email: deliver }).sendDue()
    expect(taken).toEqual([])
    expect(await outboxRows()).toMatchObject([{ last_error: 'its code has run out', code: '' }])
  })

  test('gives up at once what no channel is configured for', async () => {
    await askForCode({ phone_number: '2075550142', phone_ext: '+1' })
    await openWorker({}).sendDue()
    expect(await outboxRows()).toMatchObject([{ attempts: 1, last_error: 'sms is not configured' }])
  })

  test('takes over from a worker that died, once its lease has run out', async () => {
    const code = await askForCode()
    const dead = openWorker({ email: () => new Promise(() => {}) })
    void dead.sendDue()
    const { taken, deliver } = taking()
    const worker = openWorker({ email: deliver })
    await expect.poll(async () => (await outboxRows())[0]?.attempts).toBe(1)
    expect(await worker.sendDue()).toBe(0)
    counter.clock.turn(delivery.leaseMs)
    expect(await worker.sendDue()).toBe(1)
    expect(taken).toEqual([expect.stringContaining(code)])
  })

  test('logs neither codes nor to whom they go', async () => {
    const code = await askForCode()
    const lines: string[] = []
    const worker = openWorker({ email: failing }, lines)
    await worker.sendDue()
    counter.clock.turn(20 * minuteMs)
    await worker.sendDue()
    expect(lines).toHaveLength(2)
    expect(lines.join()).not.toContain(code)
    expect(lines.join()).not.toContain('harbor.example')
  })

  test('looks by itself once started, until stopped, and forgets old messages', async () => {
    await askForCode()
    const { taken, deliver } = taking()
    const first = openWorker({ email: deliver })
    first.start()
    await expect.poll(() => taken.length, { timeout: 10_000 }).toBe(1)
    await first.stop()
    counter.clock.turn(24 * 60 * minuteMs + 1)
    const second = openWorker({ email: deliver })
    second.start()
    await expect.poll(outboxRows, { timeout: 10_000 }).toEqual([])
    await second.stop()
    expect(
      await counter.rows('select 1 from otp_challenges where expires_at < $1', [
        new Date(plusMs(counter.clock.now(), -24 * 60 * minuteMs)).toISOString(),
      ]),
    ).toHaveLength(0)
  })
})

describe('by webhook, an SMS', () => {
  let server: HttpServer
  const seen: { authorization: string | undefined; body: unknown }[] = []
  let status = 202

  beforeEach(async () => {
    seen.length = 0
    status = 202
    server = createServer(async (request, response) => {
      const chunks: Buffer[] = []
      for await (const chunk of request) chunks.push(chunk)
      const { authorization } = request.headers
      seen.push({ authorization, body: JSON.parse(Buffer.concat(chunks).toString()) })
      response.writeHead(status).end('{}')
    })
    await listening(server)
  })

  afterEach(() => closed(server))

  test('is posted as JSON with the bearer secret', async () => {
    const code = await askForCode({ phone_number: '2075550142', phone_ext: '+1' })
    const worker = openWorker({ sms: deliverByWebhook(urlOf(server, 'http'), 'webhook-secret') })
    await worker.sendDue()
    expect(seen).toEqual([
      {
        authorization: 'Bearer webhook-secret',
        body: {
          to: '+12075550142',
          text: expect.stringContaining(code),
          message_id: expect.stringMatching(/^\d+\.\d+$/),
        },
      },
    ])
    expect(await outboxRows()).toMatchObject([{ sent_at: opensAt }])
  })

  test('that is not taken is tried again, under the same id', async () => {
    await askForCode({ phone_number: '2075550142', phone_ext: '+1' })
    status = 500
    const worker = openWorker({ sms: deliverByWebhook(urlOf(server, 'http'), 'webhook-secret') })
    await worker.sendDue()
    expect(await outboxRows()).toMatchObject([{ last_error: 'the SMS webhook answered 500' }])
    status = 200
    counter.clock.turn(delivery.retryMsMin)
    await worker.sendDue()
    expect(seen).toHaveLength(2)
    expect(seen[1]).toEqual(seen[0])
  })
})

describe('by SMTP, an e-mail', () => {
  test('arrives with sender, recipient, subject and code', async () => {
    const code = await askForCode()
    const received: string[] = []
    const server = createTcpServer((socket) => speakSmtp(socket, received))
    await listening(server)
    const deliver = deliverBySmtp(urlOf(server, 'smtp'), 'Harbor Coffee <codes@harbor.example>')
    await openWorker({ email: deliver }).sendDue()
    await closed(server)
    expect(await outboxRows()).toMatchObject([{ sent_at: opensAt, last_error: null }])
    const [mail] = received
    expect(mail).toContain('From: Harbor Coffee <codes@harbor.example>')
    expect(mail).toContain('To: marin@harbor.example')
    expect(mail).toContain('Subject: Your Harbor Coffee code')
    expect(mail).toContain(`${code} is your Harbor Coffee code.`)
  })

  test('to a server that is not there is tried again', async () => {
    await askForCode()
    const deliver = deliverBySmtp('smtp://127.0.0.1:1', 'codes@harbor.example')
    await openWorker({ email: deliver }).sendDue()
    expect(await outboxRows()).toMatchObject([
      { attempts: 1, failed_at: null, last_error: expect.stringContaining('ECONNREFUSED') },
    ])
  })
})

describe('in practice mode the outbox', () => {
  function openSandbox() {
    return buildApp(counter.deps, { moreRoutes: outboxRoutes })
  }

  test('is shown as JSON, newest first', async () => {
    const first = await askForCode()
    counter.clock.turn(secondMs)
    const second = await askForCode({ phone_number: '2075550142', phone_ext: '+1' })
    const response = await openSandbox().inject({ url: '/sandbox/outbox' })
    const answer = {
      status: response.statusCode,
      body: response.json(),
      code: null,
      replayed: false,
      headers: response.headers,
    }
    expect(expectReply(sandboxOutbox, answer)).toEqual({
      messages: [
        { channel: 'sms', to: '+12075550142', code: second, sent_at: '2026-11-20T18:00:01Z' },
        {
          channel: 'email',
          to: 'marin@harbor.example',
          code: first,
          sent_at: '2026-11-20T18:00:00Z',
        },
      ],
    })
  })

  test('is a page for a browser, in which an address cannot pass for markup', async () => {
    const code = await askForCode({ email: "o'neil&sons@harbor.example" })
    const headers = { accept: 'text/html,application/xhtml+xml;q=0.9' }
    const response = await openSandbox().inject({ url: '/sandbox/outbox', headers })
    expect(response.headers['content-type']).toBe('text/html; charset=utf-8')
    expect(response.body).toContain(`<code>${code}</code>`)
    expect(response.body).toContain('o&#39;neil&amp;sons@harbor.example')
  })

  test('is not there on a counter that is not in practice mode', async () => {
    const response = await counter.app.inject({ url: '/sandbox/outbox' })
    expect(response.statusCode).toBe(404)
  })
})

function listening(server: Server | HttpServer): Promise<void> {
  return new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))
}

function closed(server: Server | HttpServer): Promise<void> {
  return new Promise((resolve) => server.close(() => resolve()))
}

function urlOf(server: Server | HttpServer, scheme: string): string {
  return `${scheme}://127.0.0.1:${(server.address() as AddressInfo).port}`
}

/** As much of SMTP as one message needs (RFC 5321). */
function speakSmtp(socket: Socket, received: string[]): void {
  let unread = ''
  let isData = false
  socket.setEncoding('utf8')
  socket.write('220 mail.harbor.example\r\n')
  socket.on('data', (chunk) => {
    unread += chunk
    for (;;) {
      const end = unread.indexOf(isData ? '\r\n.\r\n' : '\r\n')
      if (end === -1) return
      const line = unread.slice(0, end)
      unread = unread.slice(end + (isData ? 5 : 2))
      if (isData) {
        received.push(line)
        isData = false
        socket.write('250 taken\r\n')
      } else if (line === 'DATA') {
        isData = true
        socket.write('354 go on\r\n')
      } else if (line === 'QUIT') {
        socket.end('221 bye\r\n')
      } else {
        socket.write('250 fine\r\n')
      }
    }
  })
}
