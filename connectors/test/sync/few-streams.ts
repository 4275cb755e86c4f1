import type { Source } from '../../src/source.ts'

/** What every sync fills, whichever streams it reads. */
const always = ['restaurant', 'restaurant_details']

/** A source with a few of its streams and only their tables: a warehouse that is made quickly. */
export function withStreams(source: Source, names: readonly string[]): Source {
  const streams = source.streams.filter(({ name }) => names.includes(name))
  if (streams.length !== names.length) throw new Error(`no such streams among ${names}`)
  const roots = new Set([...always, ...streams.flatMap(({ tables }) => tables)])
  const tables = source.tables.filter(({ name, root }) => roots.has(root ?? name))
  return { ...source, streams, tables }
}
