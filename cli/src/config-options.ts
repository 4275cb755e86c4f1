import { CannotStart } from '@regulars/server/cannot-start'
import { type Config, readConfig, type SettingName, settings } from '@regulars/server/config'
import type { Command } from 'commander'

/** Adds the options of these settings to a command, described as the configuration is. */
export function addConfigOptions(command: Command, names: readonly SettingName[]): void {
  for (const name of names) {
    const { option, description, byDefault, variable } = settings[name]
    const value = byDefault === 'false' ? '' : ` <${name}>`
    command.option(`${option}${value}`, `${description} (${variable})`)
  }
}

/** The configuration of the environment and of the options given. Throws with every problem. */
export function configFrom(options: Readonly<Record<string, unknown>>): Config {
  const given = Object.keys(settings).flatMap((name) =>
    options[name] === undefined ? [] : [[name, String(options[name])]],
  )
  const read = readConfig(process.env, Object.fromEntries(given))
  if (read.kind === 'refused') throw new CannotStart(read.problems.join('\n'))
  return read.config
}
