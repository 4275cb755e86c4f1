import { isObject } from './check-members.ts'

export type Found = { path: string; value: unknown }

/**
 * What stands at a pattern such as `guests[].rewards[].id`, each with its own path. Parts of the
 * file that are not there, or not of that shape, give nothing.
 */
export function findMembers(json: unknown, pattern: string): readonly Found[] {
  let found: readonly Found[] = [{ path: '', value: json }]
  for (const step of pattern.split('.')) {
    const name = step.replace('[]', '')
    found = found.flatMap((one) => memberOf(one, name))
    if (step.endsWith('[]')) found = found.flatMap(entriesOf)
  }
  return found
}

function memberOf({ path, value }: Found, name: string): readonly Found[] {
  if (!isObject(value) || value[name] === undefined) return []
  return [{ path: path === '' ? name : `${path}.${name}`, value: value[name] }]
}

function entriesOf({ path, value }: Found): readonly Found[] {
  if (!Array.isArray(value)) return []
  return value.map((entry, index) => ({ path: `${path}[${index}]`, value: entry }))
}
