export const minuteMs = 60_000
export const hourMs = 3_600_000
export const dayMs = 86_400_000

/** `2019-02-24T13:49:38.617+0000`: how Toast writes an instant. */
export function toastTime(instant: number): string {
  // One order says each of its instants many times over.
  let text = lately.get(instant)
  if (text === undefined) {
    text = `${new Date(instant).toISOString().slice(0, -1)}+0000`
    if (lately.size >= latelyMax) lately.clear()
    lately.set(instant, text)
  }
  return text
}

const lately = new Map<number, string>()
const latelyMax = 2_000

export function toastTimeOrNull(instant: number | null): string | null {
  return instant === null ? null : toastTime(instant)
}

/** What Toast sends for `deletedDate` of things that are not deleted. */
export const epochTime = '1970-01-01T00:00:00.000+0000'

const instantForm =
  /^(\d{4}-\d{2}-\d{2})T(\d{2}:\d{2}:\d{2})(\.\d{1,3})?\d*(Z|([+-])(\d{2}):?(\d{2}))$/

/** Milliseconds since 1970, or null for anything but a full ISO 8601 instant with an offset. */
export function readInstant(text: string): number | null {
  const parts = instantForm.exec(text)
  if (parts === null) return null
  const [, date, time, fraction = '', , sign, hours = '0', minutes = '0'] = parts
  const local = Date.parse(`${date}T${time}${fraction}Z`)
  if (Number.isNaN(local)) return null
  const offsetMs = (Number(hours) * 60 + Number(minutes)) * minuteMs
  return sign === '-' ? local + offsetMs : local - offsetMs
}

/** Day number since 1970 as the integer `20190224`. */
export function dateNumber(day: number): number {
  const date = new Date(day * dayMs)
  return date.getUTCFullYear() * 10_000 + (date.getUTCMonth() + 1) * 100 + date.getUTCDate()
}

/** Day number since 1970 as `2019-02-24`. */
export function dateText(day: number): string {
  return new Date(day * dayMs).toISOString().slice(0, 10)
}

/** The day number of `20190224`, or null for what is no date. */
export function readDate(text: string): number | null {
  if (!/^\d{8}$/.test(text)) return null
  const iso = `${text.slice(0, 4)}-${text.slice(4, 6)}-${text.slice(6)}`
  const instant = Date.parse(`${iso}T00:00:00Z`)
  // Date.parse takes 30 February for 2 March.
  if (Number.isNaN(instant) || dateText(instant / dayMs) !== iso) return null
  return instant / dayMs
}
