import { type Refusal, refuse } from '@regulars/contract/refusals'
import { hourMs, minuteMs, plusMs } from '@regulars/contract/values/instants'
import type { Deps } from '../deps.ts'
import { insertChallenge } from '../store/one-time-codes.ts'
import { addresseeOf, type Contact, hashCode } from './one-time-code.ts'
import { isCodeChallenge } from './pkce.ts'

export type CodeRequest = Contact & {
  businessId: number
  codeChallenge: string
  codeChallengeMethod: 'S256' | 'plain'
  consents: Consents
}

export type Consents = { privacyPolicy: boolean; termsAndConditions: boolean }

/** Codes to one address or number: more are refused until an hour has passed since the first. */
const codesPerRecipientMax = 5
const codesCountedMs = hourMs

/**
 * Writes down a one-time code and the message that carries it. Whether anybody is known by the
 * address or number is not looked at, so the answer cannot tell.
 *
 * Refused, in this order: what `addresseeOf` refuses, the consents, invalid_parameter (the
 * challenge), otp_too_many.
 */
export async function sendOneTimeCode(
  deps: Deps,
  request: CodeRequest,
): Promise<{ kind: 'sent'; expiresInSeconds: number } | Refusal> {
  const { businessId, codeChallenge } = request
  await deps.ids.ready()
  const catalog = await deps.catalogs.newest(businessId)
  const settings = catalog.counter.advancedAuthentication
  const addressee = addresseeOf(request, settings)
  if (addressee.kind === 'refused') return addressee
  const refusal = consentRefusal(request.consents) ?? challengeRefusal(request)
  if (refusal !== null) return refusal

  const now = deps.now()
  const code = deps.random.digits(settings.codeLength)
  const inserted = await insertChallenge(deps.db, {
    businessId,
    challengeId: deps.ids.next(),
    messageId: deps.ids.next(),
    channel: addressee.channel,
    recipient: addressee.recipient,
    codeHash: hashCode(code, codeChallenge),
    codeChallenge,
    now,
    expiresAt: plusMs(now, settings.codeMinutes * minuteMs),
    countedSince: plusMs(now, -codesCountedMs),
    countMax: codesPerRecipientMax,
    message: {
      subject: `Your ${catalog.businessName} code`,
      body: codeText(code, { businessName: catalog.businessName, minutes: settings.codeMinutes }),
      code,
    },
  })
  if (!inserted) return refuse('otp_too_many')
  return { kind: 'sent', expiresInSeconds: settings.codeMinutes * 60 }
}

/** Both consents, in the order they are published in. */
export function consentRefusal({ privacyPolicy, termsAndConditions }: Consents): Refusal | null {
  if (!privacyPolicy) return refuse('privacy_policy')
  return termsAndConditions ? null : refuse('terms_and_conditions')
}

function challengeRefusal({ codeChallenge, codeChallengeMethod }: CodeRequest): Refusal | null {
  if (codeChallengeMethod !== 'S256') {
    const problem = 'it must be S256: a plain challenge proves nothing'
    return refuse('invalid_parameter', { name: 'code_challenge_method', problem })
  }
  if (isCodeChallenge(codeChallenge)) return null
  const problem = 'it must be the SHA-256 of the verifier as base64url without padding'
  return refuse('invalid_parameter', { name: 'code_challenge', problem })
}

function codeText(
  code: string,
  { businessName, minutes }: { businessName: string; minutes: number },
): string {
  const lasting = minutes === 1 ? 'one minute' : `${minutes} minutes`
  return `${code} is your ${businessName} code. It lasts ${lasting}. If you did not ask for it, ignore this message.`
}
