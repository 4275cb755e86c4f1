import Type from 'typebox'

/** Builders for members that appear all over the program file. */

/** A short readable key, unique in its list: what other entries refer to. */
export function slug(description: string) {
  return Type.String({
    minLength: 1,
    maxLength: 64,
    pattern: '^[A-Za-z0-9][A-Za-z0-9._-]*$',
    looksLike: 'a key of 1 to 64 letters, digits, dots, dashes and underscores',
    description,
  })
}

/** An amount of the business's currency with at most two decimals. */
export function money(description: string, options: { minimum?: number; default?: number } = {}) {
  return Type.Number({ minimum: 0, maximum: 999_999.99, decimals: 2, ...options, description })
}

/** A whole number from zero. */
export function count(
  description: string,
  options: { minimum?: number; maximum?: number; default?: number } = {},
) {
  return Type.Integer({ minimum: 0, maximum: 99_999_999, ...options, description })
}

export function flag(description: string, byDefault: boolean) {
  return Type.Boolean({ default: byDefault, description })
}

export function text(
  description: string,
  options: { minLength?: number; maxLength?: number; default?: string } = {},
) {
  return Type.String({ maxLength: 1_000, ...options, description })
}

/** A moment with its offset, `2026-06-14T12:30:00-07:00`. */
export function moment(description: string) {
  return Type.String({ format: 'moment', description })
}

/** A calendar day, `2026-06-14`. */
export function day(description: string) {
  return Type.String({ format: 'date', description })
}

/** A day of every year, `MM-DD`. */
export function monthDay(description: string) {
  return Type.String({ format: 'month-day', description })
}

export function zone(description: string) {
  return Type.String({ format: 'time-zone', description })
}

/** The id of an entry in another list of the same file. */
export function reference(list: string, description: string) {
  return Type.String({ refersTo: list, description })
}

/** An object that refuses members nobody described. */
export function entry<Members extends Type.TProperties>(members: Members, description: string) {
  return Type.Object(members, { additionalProperties: false, description })
}

/** A secret or public key of a business, a location or an integrator. */
export function apiKey(description: string) {
  return Type.String({
    pattern: '^[A-Za-z0-9_-]{16,128}$',
    looksLike: 'a key of 16 to 128 letters, digits, dashes and underscores',
    secret: true,
    description,
  })
}

/** A language tag such as `fr-ca`. */
export function languageTag(description: string) {
  return Type.String({
    pattern: '^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$',
    looksLike: 'a language tag such as es or fr-ca',
    description,
  })
}
