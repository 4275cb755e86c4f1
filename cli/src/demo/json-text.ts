import colours from 'picocolors'

/** Which members to show: `true` whole, an object its members, a list the same of each entry. */
export type Shape = true | { readonly [member: string]: Shape } | readonly [Shape]

/**
 * JSON of the members that `shape` names, broken into lines of `width`. `…` stands for the others of
 * the outermost object; inside it they are left out without a word.
 */
export function jsonLines(value: unknown, shape: Shape, width: number): string[] {
  const shown = pick(value, shape)
  const isCut = shape !== true && Object.keys(value as object).some((name) => !(name in shape))
  if (isCut && typeof shown !== 'string') shown.parts.push({ key: '', value: colours.dim('…') })
  return lay(shown, { width, used: 0 })
}

type Shown = string | { open: string; close: string; parts: { key: string; value: Shown }[] }

function pick(value: unknown, shape: Shape): Shown {
  if (Array.isArray(value)) {
    const each = Array.isArray(shape) ? (shape[0] as Shape) : true
    const parts = value.map((one) => ({ key: '', value: pick(one, each) }))
    return { open: '[', close: ']', parts }
  }
  if (typeof value !== 'object' || value === null) return scalar(value)
  // Members come in the order of the shape, which is that of the telling.
  const members = value as Record<string, unknown>
  const names = shape === true ? Object.keys(members) : Object.keys(shape)
  const parts = names
    .filter((name) => Object.hasOwn(members, name))
    .map((name) => ({
      key: `${colours.cyan(JSON.stringify(name))}: `,
      value: pick(
        members[name],
        shape === true ? true : ((shape as Record<string, Shape>)[name] ?? true),
      ),
    }))
  return { open: '{ ', close: ' }', parts }
}

function scalar(value: unknown): string {
  const text = JSON.stringify(value)
  if (typeof value === 'string') return colours.green(text)
  return typeof value === 'boolean' || value === null ? colours.magenta(text) : text
}

/** `used` columns of the first line are taken by what stands before it. */
function lay(shown: Shown, { width, used }: { width: number; used: number }): string[] {
  if (typeof shown === 'string') return [shown]
  const flat = flatText(shown)
  if (visibleLength(flat) + used <= width) return [flat]
  const inner = shown.parts.flatMap(({ key, value }, index) => {
    const comma = index < shown.parts.length - 1 ? ',' : ''
    const room = { width: width - 2 - comma.length, used: visibleLength(key) }
    const [first = '', ...rest] = lay(value, room)
    const lines = [`${key}${first}`, ...rest].map((line) => `  ${line}`)
    return [...lines.slice(0, -1), `${lines.at(-1)}${comma}`]
  })
  return [shown.open.trim(), ...inner, shown.close.trim()]
}

function flatText(shown: Shown): string {
  if (typeof shown === 'string') return shown
  const parts = shown.parts.map(({ key, value }) => `${key}${flatText(value)}`)
  return parts.length === 0
    ? `${shown.open.trim()}${shown.close.trim()}`
    : `${shown.open}${parts.join(', ')}${shown.close}`
}

const colourCodes = new RegExp(`${String.fromCharCode(27)}\\[\\d+m`, 'g')

/** How many columns a text takes without its colours. */
export function visibleLength(text: string): number {
  return text.replace(colourCodes, '').length
}
