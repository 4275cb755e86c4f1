import type { signUpProfileMembers } from '@regulars/contract/wire/online-ordering-users'
import type { Static, TObject } from 'typebox'
import type { Profile } from '../store/guest-state.ts'

type SignUpProfile = Static<TObject<typeof signUpProfileMembers>>

/** What a guest said about themselves when signing up online or in the app. */
export function profileFrom(user: SignUpProfile, signupChannel: string): Profile {
  const members: { [Name in keyof Profile]: Profile[Name] | undefined } = {
    birthday: user.birthday,
    anniversary: user.anniversary,
    gender: user.gender,
    city: user.city,
    state: user.state,
    zipCode: user.zip_code,
    secondaryEmail: user.secondary_email,
    preferredLocale: user.preferred_locale,
    marketingEmail: user.marketing_email_subscription,
    marketingPush: user.marketing_pn_subscription,
    sms: user.send_compliance_sms,
    termsAndConditions: user.terms_and_conditions,
    ageVerified: user.age_verified_status,
    signupChannel: user.signup_channel ?? signupChannel,
    externalSource: user.external_source,
    externalSourceId: user.external_source_id,
  }
  const sent = Object.entries(members).filter(([, value]) => value !== undefined)
  return Object.fromEntries(sent) as Profile
}
