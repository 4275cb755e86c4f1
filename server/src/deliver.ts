import { secondMs } from '@regulars/contract/values/instants'
import { createTransport } from 'nodemailer'
import type { Deliver } from './outbox-worker.ts'

/** Longer than a healthy server takes, and shorter than a worker's lease. */
const patienceMs = 20 * secondMs

/** Sends by SMTP. `smtpUrl` is as nodemailer reads it: `smtps://user:password@mail.example:465`. */
export function deliverBySmtp(smtpUrl: string, from: string): Deliver {
  const transport = createTransport({
    url: smtpUrl,
    connectionTimeout: patienceMs,
    greetingTimeout: patienceMs,
    socketTimeout: patienceMs,
  })
  return async ({ businessId, messageId, recipient, subject, body }) => {
    await transport.sendMail({
      from,
      to: recipient,
      subject,
      text: body,
      // The same at every attempt, so that a mailbox can tell a repeated message.
      messageId: `<${businessId}.${messageId}@regulars>`,
    })
  }
}

/**
 * Posts `{ to, text, message_id }` to a webhook with the secret as its bearer token. Any status of
 * 200 to 299 means it was taken; `message_id` is the same at every attempt.
 */
export function deliverByWebhook(url: string, secret: string): Deliver {
  return async ({ businessId, messageId, recipient, body }) => {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${secret}` },
      body: JSON.stringify({
        to: recipient,
        text: body,
        message_id: `${businessId}.${messageId}`,
      }),
      redirect: 'error',
      signal: AbortSignal.timeout(patienceMs),
    })
    await response.body?.cancel()
    if (!response.ok) throw new Error(`the SMS webhook answered ${response.status}`)
  }
}
