import type { Row } from '../table.ts'
import { isMembers, type Members } from './coerce.ts'
import { type ProgramHistory, recordHistory } from './history.ts'
import { type ReadAt, type Reading, ReadingBuilder } from './unit.ts'

/** What the settings of one location come to: a row of `location_configuration`. */
export function locationConfigurationUnits(reply: Members, at: ReadAt): Reading {
  const builder = new ReadingBuilder(at)
  const root = builder.row('location_configuration', reply)
  builder.unit('location_configuration', { root, payload: reply })
  return builder.reading()
}

/**
 * What the program of a business comes to: `program_meta` with its parts, and a row of history for
 * each rule or redeemable that changed since `history` was returned; null before the first reading.
 *
 * Lists that are null or not there hold nothing: that is how the feature they belong to is off. What
 * a reading no longer shows is a part that its unit no longer has, and ends in the history. A reply
 * that is no program is set aside whole and changes nothing.
 *
 * `history` must be stored with the units. Forgotten, it begins anew and earlier rows stay open.
 */
export function programUnits(
  reply: Members,
  at: ReadAt,
  history: ProgramHistory | null,
): Reading & { history: ProgramHistory } {
  const builder = new ReadingBuilder(at)
  const malformed = malformedProgram(reply)
  if (malformed !== null) {
    builder.setAside('program_meta', null, { reason: malformed, payload: reply })
    return { ...builder.reading(), history: history ?? { program: null, redeemables: {} } }
  }
  const { redeemables, multiple_redemptions: multiple, ...rules } = reply
  const {
    auto_redemption_discounts: discounts,
    processing_priority_by_discount_type: priorities,
    exclude_interoperability_strategy_between: excluded,
    processing_priority_by_acquisition_type: classes,
    ...flags
  } = isMembers(multiple) ? multiple : {}
  const whole = {
    ...rules,
    ...Object.fromEntries(
      Object.entries(flags).map(([name, value]) => [`multiple_redemptions_${name}`, value]),
    ),
    auto_redemption_discounts: discounts,
    processing_priority_by_discount_type: priorities,
    exclude_interoperability_strategy_between: excluded,
  }
  const root = builder.row('program_meta', whole)
  const ofProgram = { program_type: root.program_type }
  const offers = offerRows(builder, redeemables, ofProgram)
  const parts = {
    program_meta_auto_redemption_discount: listOf(discounts).map((discount_type, ordinal) =>
      builder.row('program_meta_auto_redemption_discount', { ordinal, discount_type }),
    ),
    program_meta_processing_priority_by_discount_type: listOf(priorities).map(
      (discount_type, ordinal) =>
        builder.row('program_meta_processing_priority_by_discount_type', {
          ordinal,
          discount_type,
        }),
    ),
    program_meta_exclude_interoperability: listOf(excluded).map((pair, ordinal) => {
      const [first_type, second_type] = typeof pair === 'string' ? pair.split('|') : []
      const types = { first_type, second_type }
      return builder.row('program_meta_exclude_interoperability', { ordinal, pair, ...types })
    }),
    redeemable: offers,
    processing_priority_by_acquisition_type: classRows(builder, classes, ofProgram),
  }
  builder.unit('program_meta', { root, parts, payload: reply })
  const next = recordHistory(builder, {
    at,
    history,
    program: { ...root, processing_priority_by_acquisition_type: classes ?? null },
    offers,
  })
  return { ...builder.reading(), history: next }
}

const listNames = [
  'auto_redemption_discounts',
  'processing_priority_by_discount_type',
  'exclude_interoperability_strategy_between',
  'processing_priority_by_acquisition_type',
]

/**
 * Why a reply is no program; null when it is one. Stored, it would end every redeemable that it does
 * not show, so an error that came with status 200 must not pass for a program.
 */
function malformedProgram(reply: Members): string | null {
  const { program_type: type, redeemables, multiple_redemptions: multiple } = reply
  if (typeof type !== 'string' || type === '') return 'program without program_type'
  if (!isMissing(redeemables) && !Array.isArray(redeemables)) return 'redeemables is no list'
  if (isMissing(multiple)) return null
  if (!isMembers(multiple)) return 'multiple_redemptions is no object'
  const wrong = listNames.find(
    (name) => !isMissing(multiple[name]) && !Array.isArray(multiple[name]),
  )
  return wrong === undefined ? null : `${wrong} is no list`
}

/** Redeemables by their ids; one without, or with that of an earlier one, is set aside. */
function offerRows(builder: ReadingBuilder, list: unknown, ofProgram: Members): Row[] {
  const rows = new Map<unknown, Row>()
  for (const [ordinal, payload] of listOf(list).entries()) {
    const row = isMembers(payload)
      ? builder.row('redeemable', { ...payload, ...ofProgram, ordinal })
      : {}
    const id = row.redeemable_id ?? null
    if (id === null) {
      const reason = isBeyondReading(payload)
        ? 'redeemable_id beyond 2^53, which cannot be read exactly'
        : 'redeemable without redeemable_id'
      builder.setAside('program_meta', null, { reason, payload })
    } else if (rows.has(id)) {
      builder.setAside('program_meta', String(id), {
        reason: 'redeemable_id stands twice in the program',
        payload,
      })
    } else rows.set(id, row)
  }
  return [...rows.values()]
}

/** A reader of JSON has rounded such a number already, also where it is kept. */
function isBeyondReading(payload: unknown): boolean {
  const id = isMembers(payload) ? payload.redeemable_id : null
  return /^\d/.test(String(id)) && Math.abs(Number(id)) > Number.MAX_SAFE_INTEGER
}

/** Classes of acquisition by their codes; one without a code is named by its place. */
function classRows(builder: ReadingBuilder, list: unknown, ofProgram: Members): Row[] {
  const rows = new Map<unknown, Row>()
  for (const [ordinal, payload] of listOf(list).entries()) {
    if (!isMembers(payload)) {
      builder.setAside('program_meta', null, {
        reason: 'processing priority that is no object',
        payload,
      })
      continue
    }
    const code = isMissing(payload.code) || payload.code === '' ? `gen-${ordinal}` : payload.code
    const row = builder.row('processing_priority_by_acquisition_type', {
      ...payload,
      ...ofProgram,
      ordinal,
      code,
    })
    if (isMissing(row.code)) {
      builder.setAside('program_meta', null, {
        reason: 'processing priority with a code that is no text',
        payload,
      })
    } else if (rows.has(row.code)) {
      const reason = 'code stands twice among the processing priorities'
      builder.setAside('program_meta', String(row.code), { reason, payload })
    } else rows.set(row.code, row)
  }
  return [...rows.values()]
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : []
}

function isMissing(value: unknown): boolean {
  return value === null || value === undefined
}
