/**
 * Reads an ISO 8601 instant with its offset (`+0000`, `+00:00`, `Z`, any other), with or without a
 * fraction, and gives it in UTC with milliseconds and `Z`; finer fractions are cut off.
 *
 * Null: the Unix epoch, which stands for "not set". Undefined: it is no instant.
 */
export function readInstant(text: string): string | null | undefined {
  const instant = isUtcWithMilliseconds(text) ? `${text.slice(0, 23)}Z` : inUtc(text)
  return instant === epoch ? null : instant
}

/**
 * Reads a calendar day, `20261120` or `2026-11-20`, as text or as a whole number, and gives it as
 * `2026-11-20`. Null: 0 or the day of the Unix epoch, which stand for "not set". Undefined: it is
 * no day.
 */
export function readDay(value: string | number): string | null | undefined {
  const text = String(value)
  if (text === '0') return null
  const [, year = '', , month = '', day = ''] = dayPattern.exec(text) ?? []
  if (!isDay(Number(year), Number(month), Number(day))) return undefined
  return year === '1970' && month === '01' && day === '01' ? null : `${year}-${month}-${day}`
}

const epoch = '1970-01-01T00:00:00.000Z'
const dayPattern = /^(\d{4})(-?)(\d\d)\2(\d\d)$/
const instantPattern =
  /^(\d{4}-\d\d-\d\d)T(\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?(?:Z|([+-])(\d\d):?(\d\d))$/

/** Whether it is `2019-02-24T13:49:38.617` and `+0000` or `Z`: what Toast sends, read in one pass. */
function isUtcWithMilliseconds(text: string): boolean {
  const isUtc =
    (text.length === 28 && text.endsWith('+0000')) || (text.length === 24 && text.endsWith('Z'))
  if (!isUtc || text[4] !== '-' || text[7] !== '-' || text[10] !== 'T') return false
  if (text[13] !== ':' || text[16] !== ':' || text[19] !== '.') return false
  return (
    isDay(digitsAt(text, 0, 4), digitsAt(text, 5, 7), digitsAt(text, 8, 10)) &&
    digitsAt(text, 11, 13) < 24 &&
    digitsAt(text, 14, 16) < 60 &&
    digitsAt(text, 17, 19) < 60 &&
    digitsAt(text, 20, 23) < 1000
  )
}

/** NaN where a character is no digit. */
function digitsAt(text: string, from: number, before: number): number {
  let number = 0
  for (let at = from; at < before; at += 1) {
    const digit = text.charCodeAt(at) - 48
    if (!(digit >= 0 && digit <= 9)) return Number.NaN
    number = number * 10 + digit
  }
  return number
}

function inUtc(text: string): string | undefined {
  const match = instantPattern.exec(text)
  if (match === null) return undefined
  const [, date = '', time = '', fraction = '', sign = '+', hours = '0', minutes = '0'] = match
  const local = `${date}T${time}.${fraction.slice(0, 3).padEnd(3, '0')}Z`
  if (!isUtcWithMilliseconds(local) || Number(hours) > 23 || Number(minutes) > 59) return undefined
  const offsetMs = (Number(hours) * 60 + Number(minutes)) * 60_000
  const at = Date.parse(local) + (sign === '-' ? offsetMs : -offsetMs)
  const instant = new Date(at).toISOString()
  // An offset may lead out of the years that have four digits.
  return isUtcWithMilliseconds(instant) ? instant : undefined
}

function isDay(year: number, month: number, day: number): boolean {
  return year >= 1 && month >= 1 && month <= 12 && day >= 1 && day <= daysIn(year, month)
}

function daysIn(year: number, month: number): number {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31
}
