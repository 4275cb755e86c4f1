import type { Instant } from '@regulars/contract/values/instants'
import type { Db, Statement } from './db.ts'

export type Channel = 'email' | 'sms'

export type NewChallenge = {
  businessId: number
  challengeId: number
  messageId: number
  channel: Channel
  recipient: string
  codeHash: Buffer
  codeChallenge: string
  now: Instant
  expiresAt: Instant
  /** Nothing is written when `countMax` challenges of the recipient are younger than this. */
  countedSince: Instant
  countMax: number
  message: { subject: string; body: string; code: string }
}

const insertStatement: Statement = {
  name: 'insert_otp_challenge',
  text: `
with recent as (
  select count(*) as sent from otp_challenges
   where business_id = $1 and recipient = $5 and created_at > $10
), challenge as (
  insert into otp_challenges (business_id, challenge_id, channel, recipient, code_hash,
                              code_challenge, created_at, expires_at)
  select $1, $2, $4, $5, $6, $7, $8, $9 from recent where recent.sent < $11
  returning business_id
)
insert into outbox (business_id, message_id, channel, recipient, subject, body, code, created_at,
                    expires_at, due_at)
select business_id, $3, $4, $5, $12, $13, $14, $8, $9, $8 from challenge
returning message_id`,
}

/** Writes a challenge and its message, both or neither. False when the recipient had too many. */
export async function insertChallenge(db: Db, challenge: NewChallenge): Promise<boolean> {
  const rows = await db.query(insertStatement, [
    challenge.businessId,
    challenge.challengeId,
    challenge.messageId,
    challenge.channel,
    challenge.recipient,
    challenge.codeHash,
    challenge.codeChallenge,
    iso(challenge.now),
    iso(challenge.expiresAt),
    iso(challenge.countedSince),
    challenge.countMax,
    challenge.message.subject,
    challenge.message.body,
    challenge.message.code,
  ])
  return rows.length === 1
}

export type CodeTry = {
  businessId: number
  channel: Channel
  recipient: string
  codeChallenge: string
  codeHash: Buffer
  attemptsMax: number
  now: Instant
}

const tryStatement: Statement = {
  name: 'try_otp_code',
  text: `
with newest as (
  select challenge_id, attempts, used_at, expires_at from otp_challenges
   where business_id = $1 and channel = $2 and recipient = $3 and code_challenge = $4
   order by created_at desc, challenge_id desc limit 1
), tried as (
  update otp_challenges c
     set attempts = c.attempts + 1, used_at = case when c.code_hash = $5 then $7::timestamptz end
    from newest n
   where c.business_id = $1 and c.challenge_id = n.challenge_id and c.used_at is null
     and c.expires_at > $7 and c.attempts < $6
  returning c.used_at is not null as is_right
)
select (select is_right from tried) as is_right,
       n.attempts >= $6 and n.used_at is null and n.expires_at > $7 as is_exhausted
  from newest n`,
}

/**
 * Tries a code on the newest challenge that the recipient asked for with this PKCE challenge. The
 * attempt is counted in the statement that compares, so that no guesses come for free, and a right
 * one uses the code up.
 */
export async function tryCode(db: Db, code: CodeTry): Promise<'right' | 'wrong' | 'too_many'> {
  const [row] = await db.query(tryStatement, [
    code.businessId,
    code.channel,
    code.recipient,
    code.codeChallenge,
    code.codeHash,
    code.attemptsMax,
    iso(code.now),
  ])
  if (row?.is_right === true) return 'right'
  return row?.is_exhausted === true ? 'too_many' : 'wrong'
}

function iso(at: Instant): string {
  return new Date(at).toISOString()
}
