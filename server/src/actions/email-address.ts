import { standInGuestId } from './identify-guest.ts'

/**
 * Good enough to send to: no spaces or control characters, one `@`, a domain with a dot; and not the
 * stand-in of a guest without an address.
 */
export function isEmailAddress(text: string): boolean {
  return (
    text.length <= 254 &&
    /^[^\s@<>"(),;:\\]+@[^\s@<>"(),;:\\]+\.[^\s@<>"(),;:\\.]+$/.test(text) &&
    standInGuestId(text) === null
  )
}
