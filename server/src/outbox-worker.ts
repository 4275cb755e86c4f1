import { type Instant, minuteMs, plusMs, secondMs } from '@regulars/contract/values/instants'
import type { Logger } from 'pino'
import type { Db } from './store/db.ts'
import type { Channel } from './store/one-time-codes.ts'
import {
  forgetMessages,
  type Message,
  markFailed,
  markForRetry,
  markSent,
  takeMessages,
} from './store/outbox.ts'

/** Hands one message to a mail server or an SMS gateway; throws when it did not take it. */
export type Deliver = (
  message: Pick<Message, 'businessId' | 'messageId' | 'recipient' | 'subject' | 'body'>,
) => Promise<void>

export type OutboxOptions = {
  db: Db
  now: () => Instant
  log: Logger
  /** Null where a channel is not configured: its messages fail at once. */
  deliver: Readonly<Record<Channel, Deliver | null>>
}

export type OutboxWorker = {
  /** Looks for messages every second until `stop`. */
  start(): void
  /** Sends what is due now. Resolves to how many messages were taken. */
  sendDue(): Promise<number>
  /** Ends looking, and waits for what is being sent. */
  stop(): Promise<void>
}

/** When a message is given up, unless its code has run out before. */
export const delivery = {
  attemptsMax: 8,
  /** Doubled with each attempt. */
  retryMsMin: 2 * secondMs,
  retryMsMax: 2 * minuteMs,
  /** How long a worker that took a message may be silent. Longer than any delivery may take. */
  leaseMs: 2 * minuteMs,
  atOnceMax: 20,
} as const

const lookEveryMs = secondMs
const forgetEveryMs = 60 * minuteMs
const rememberedMs = 24 * 60 * minuteMs

/**
 * Sends what actions wrote into the outbox. Several servers may each have one: a message is taken by
 * one of them. A message is sent twice only if its worker dies after sending it and before saying so.
 *
 * Neither what a message says nor to whom it goes is logged.
 */
export function openOutboxWorker({ db, now, log, deliver }: OutboxOptions): OutboxWorker {
  let timer: NodeJS.Timeout | null = null
  let looking: Promise<void> = Promise.resolve()
  let isStopped = false
  let forgetAt = now()

  async function send(message: Message): Promise<void> {
    const deliverNow = deliver[message.channel]
    if (message.expiresAt <= now()) return giveUp(message, 'its code has run out')
    if (deliverNow === null) return giveUp(message, `${message.channel} is not configured`)
    try {
      await deliverNow(message)
    } catch (error) {
      return retryOrGiveUp(message, wordsOf(error))
    }
    await markSent(db, message, now())
  }

  async function retryOrGiveUp(message: Message, error: string): Promise<void> {
    if (message.attempts >= delivery.attemptsMax) {
      await giveUp(message, error)
      return
    }
    const waitMs = Math.min(delivery.retryMsMin * 2 ** (message.attempts - 1), delivery.retryMsMax)
    await markForRetry(db, message, { dueAt: plusMs(now(), waitMs), error })
    log.warn(factsOf(message), 'a message was not taken; it is tried again')
  }

  async function giveUp(message: Message, error: string): Promise<void> {
    await markFailed(db, message, { now: now(), error })
    log.error(factsOf(message), 'a message was given up; outbox.last_error says why')
  }

  async function sendDue(): Promise<number> {
    const leaseUntil = plusMs(now(), delivery.leaseMs)
    const messages = await takeMessages(db, {
      now: now(),
      leaseUntil,
      countMax: delivery.atOnceMax,
    })
    await Promise.all(messages.map(send))
    return messages.length
  }

  async function look(): Promise<void> {
    try {
      while (!isStopped && (await sendDue()) === delivery.atOnceMax);
      if (now() < forgetAt) return
      forgetAt = plusMs(now(), forgetEveryMs)
      await forgetMessages(db, plusMs(now(), -rememberedMs))
    } catch (error) {
      // The database is away: nothing was lost, and the next look finds it all.
      log.error({ err: error }, 'the outbox cannot be read')
    }
  }

  function lookAgain(): void {
    if (isStopped) return
    timer = setTimeout(() => {
      looking = look().finally(lookAgain)
    }, lookEveryMs)
  }

  return {
    start: lookAgain,
    sendDue,
    async stop() {
      isStopped = true
      if (timer !== null) clearTimeout(timer)
      await looking
    },
  }
}

function factsOf({ businessId, messageId, channel, attempts }: Message) {
  return { businessId, messageId, channel, attempts }
}

const errorLengthMax = 300

function wordsOf(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).slice(0, errorLengthMax)
}
