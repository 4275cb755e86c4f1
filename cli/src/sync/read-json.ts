/** A text's JSON, or where it stops being some: counted from 1, columns in characters. */
export type ReadJson =
  | { kind: 'read'; content: unknown }
  | { kind: 'refused'; line: number; column: number }

/**
 * Reads JSON, also behind the mark that Windows puts before a text. Node says where it is wrong for
 * some mistakes only, and repeats what stands there, which may be a secret.
 */
export function readJson(text: string): ReadJson {
  const json = text.startsWith('\uFEFF') ? text.slice(1) : text
  try {
    return { kind: 'read', content: JSON.parse(json) }
  } catch {
    const before = json.slice(0, faultIn(json)).split('\n')
    return { kind: 'refused', line: before.length, column: (before.at(-1)?.length ?? 0) + 1 }
  }
}

const spaces = /[ \t\n\r]*/y
const comma = /,/y
const colon = /:/y
const listBegins = /\[/y
const listEnds = /\]/y
const objectBegins = /\{/y
const objectEnds = /\}/y
const text = /"(?:[ !#-[\]-\uFFFF]|\\(?:["\\/bfnrt]|u[\dA-Fa-f]{4}))*"/y
const number = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[Ee][+-]?\d+)?/y
const literal = /true|false|null/y

/** The place of the first character that cannot stand there in JSON; the text's end where it is cut. */
function faultIn(json: string): number {
  let at = 0
  const pass = (pattern: RegExp): boolean => {
    pattern.lastIndex = at
    const found = pattern.exec(json)
    at += found?.[0].length ?? 0
    return found !== null
  }
  const passToken = (pattern: RegExp): boolean => pass(spaces) && pass(pattern)

  function passValue(): boolean {
    if (passToken(objectBegins)) return passAll(passMember, objectEnds)
    if (passToken(listBegins)) return passAll(passValue, listEnds)
    return passToken(text) || passToken(number) || passToken(literal)
  }

  function passMember(): boolean {
    return passToken(text) && passToken(colon) && passValue()
  }

  function passAll(passOne: () => boolean, ends: RegExp): boolean {
    if (passToken(ends)) return true
    do {
      if (!passOne()) return false
    } while (passToken(comma))
    return passToken(ends)
  }

  passValue()
  pass(spaces)
  return at
}
