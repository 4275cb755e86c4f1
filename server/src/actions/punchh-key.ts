const keyLength = 12

/**
 * A receipt's key as it is stored and compared: twelve digits, those of an older kind of till filled
 * up with zeros, as are numbers that lost their leading ones. Longer keys stay as they are.
 */
export function normalisePunchhKey(sent: string): string {
  return /^\d+$/.test(sent) ? sent.padStart(keyLength, '0') : sent
}

/**
 * The key that a printed barcode holds: an EAN-13 without its check digit. Twelve digits are one
 * whose leading zero was not printed. Null when it is no such code.
 */
export function keyOfBarcode(scanned: string): string | null {
  const digits = scanned.replace(/[\s-]/g, '')
  if (!/^\d{11,13}$/.test(digits)) return null
  const code = digits.padStart(keyLength + 1, '0')
  const key = code.slice(0, keyLength)
  return code.endsWith(checkDigitOf(key)) ? key : null
}

/**
 * The key that a printed QR code holds: the key itself, the digits of the barcode, or a text with
 * `punchh_key=` and the key, such as a link into the app. Null when it holds none.
 */
export function keyOfQrCode(scanned: string): string | null {
  const text = /[?&\s]?punchh_key=(\d+)/i.exec(scanned)?.[1] ?? scanned.trim()
  if (/^\d{13}$/.test(text)) return keyOfBarcode(text)
  return /^(\d{11}|\d{12}|\d{20})$/.test(text) ? normalisePunchhKey(text) : null
}

/** The digits printed under a receipt's barcode; empty for a key that no barcode can hold. */
export function barcodeOf(punchhKey: string): string {
  return /^\d{12}$/.test(punchhKey) ? punchhKey + checkDigitOf(punchhKey) : ''
}

/** The check digit of EAN-13 over twelve digits. */
function checkDigitOf(key: string): string {
  const sum = [...key].reduce(
    (total, digit, index) => total + Number(digit) * (index % 2 === 0 ? 1 : 3),
    0,
  )
  return String((10 - (sum % 10)) % 10)
}
