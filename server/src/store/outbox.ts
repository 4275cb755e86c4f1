import type { Instant } from '@regulars/contract/values/instants'
import type { Db, Row, Statement } from './db.ts'
import type { Channel } from './one-time-codes.ts'

/** A message on its way, taken by one worker until its lease runs out. */
export type Message = {
  businessId: number
  messageId: number
  channel: Channel
  recipient: string
  subject: string
  body: string
  /** This one included. */
  attempts: number
  expiresAt: Instant
}

const takeStatement: Statement = {
  name: 'take_messages',
  text: `
update outbox o set attempts = o.attempts + 1, due_at = $2
  from (
    select business_id, message_id from outbox
     where due_at <= $1 and sent_at is null and failed_at is null
     order by due_at limit $3
       for update skip locked
  ) due
 where o.business_id = due.business_id and o.message_id = due.message_id
returning o.business_id, o.message_id, o.channel, o.recipient, o.subject, o.body, o.attempts,
          o.expires_at`,
}

/**
 * Takes messages that are due, the oldest first. Workers never take the same one; one whose worker
 * died is due again at `leaseUntil`.
 */
export async function takeMessages(
  db: Db,
  { now, leaseUntil, countMax }: { now: Instant; leaseUntil: Instant; countMax: number },
): Promise<Message[]> {
  const rows = await db.query(takeStatement, [iso(now), iso(leaseUntil), countMax])
  return rows.map(parseMessage)
}

function parseMessage(row: Row): Message {
  return {
    businessId: row.business_id as number,
    messageId: row.message_id as number,
    channel: row.channel as Channel,
    recipient: row.recipient as string,
    subject: row.subject as string,
    body: row.body as string,
    attempts: row.attempts as number,
    expiresAt: row.expires_at as Instant,
  }
}

type MessageId = Pick<Message, 'businessId' | 'messageId'>

const sentStatement: Statement = {
  name: 'message_sent',
  text: `
update outbox set sent_at = $3, body = '', code = '', last_error = null
 where business_id = $1 and message_id = $2`,
}

/** Marks a message as sent and forgets what it said. */
export async function markSent(db: Db, id: MessageId, now: Instant): Promise<void> {
  await db.query(sentStatement, [id.businessId, id.messageId, iso(now)])
}

const retryStatement: Statement = {
  name: 'message_retry',
  text: `
update outbox set due_at = $3, last_error = $4
 where business_id = $1 and message_id = $2 and sent_at is null`,
}

/** Lets a message that could not be sent be taken again at `dueAt`. */
export async function markForRetry(
  db: Db,
  id: MessageId,
  { dueAt, error }: { dueAt: Instant; error: string },
): Promise<void> {
  await db.query(retryStatement, [id.businessId, id.messageId, iso(dueAt), error])
}

const failedStatement: Statement = {
  name: 'message_failed',
  text: `
update outbox set failed_at = $3, body = '', code = '', last_error = $4
 where business_id = $1 and message_id = $2 and sent_at is null`,
}

/** Gives a message up and forgets what it said. */
export async function markFailed(
  db: Db,
  id: MessageId,
  { now, error }: { now: Instant; error: string },
): Promise<void> {
  await db.query(failedStatement, [id.businessId, id.messageId, iso(now), error])
}

const forgetStatement: Statement = {
  name: 'forget_messages',
  text: `
with codes as (delete from otp_challenges where expires_at < $1)
delete from outbox where created_at < $1 and (sent_at is not null or failed_at is not null)`,
}

/** Deletes codes and delivered or failed messages from before a moment: they name people. */
export async function forgetMessages(db: Db, before: Instant): Promise<void> {
  await db.query(forgetStatement, [iso(before)])
}

export type SandboxMessage = { channel: Channel; recipient: string; code: string; at: Instant }

const listStatement: Statement = {
  name: 'sandbox_messages',
  text: `
select channel, recipient, code, created_at from outbox
 order by created_at desc, message_id desc limit $1`,
}

/** The newest messages of all businesses, for the practice mode: nothing is sent there. */
export async function listMessages(db: Db, countMax: number): Promise<SandboxMessage[]> {
  const rows = await db.query(listStatement, [countMax])
  return rows.map((row) => ({
    channel: row.channel as Channel,
    recipient: row.recipient as string,
    code: row.code as string,
    at: row.created_at as Instant,
  }))
}

function iso(at: Instant): string {
  return new Date(at).toISOString()
}
