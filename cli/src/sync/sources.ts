import { punchhSource } from '@regulars/connectors/punchh-streams'
import type { Source } from '@regulars/connectors/source'
import { toastSource } from '@regulars/connectors/toast-streams'
import { Option } from 'commander'

/** What is known of every source without a configuration. */
export const sources = {
  toast: toastSource({ historySpacingSeconds: 0 }),
  punchh: punchhSource(() => undefined),
} as const satisfies Readonly<Record<string, Source>>

export type SourceName = keyof typeof sources

/** The option that names one of them. */
export function sourceOption(description: string): Option {
  return new Option('--source <name>', description).choices(Object.keys(sources))
}
