import { keepGenerated } from '../../contract/tools/keep-generated.ts'
import { settings } from '../src/config.ts'

// Writes the reference of the configuration; with --check it writes nothing and fails when that is
// not current.

const command = 'npm run configuration'

const text = `<!-- Made by: ${command} -->

# Configuration

A counter is set up by environment variables; an option of \`npx regulars up\` wins over its variable, and \`--data\` also over \`DATABASE_URL\`.
They are read once, at the start, and everything wrong with them is reported together. An empty
variable is one that is not set. What a business is and how its program works stands in
[program files](program-file.md), not here.

| Variable | Option | Without it | What it does |
|---|---|---|---|
${Object.values(settings).map(row).join('\n')}

Options of \`up\` that no variable sets:

| Option | What it does |
|---|---|
| \`--program FILE\` | Applies a program file before the counter listens. Repeat it for several businesses on one server. |
| \`--sandbox\` | Practice mode: the clock can be turned and faults ordered. Written into the database at its first start. |
| \`--force-mode\` | Opens a database that was made in the other mode, and changes its mode for good. |
| \`--no-migrate\` | Refuses a database whose schema is not this version's; \`regulars migrate\` brings it up. |
| \`--json\` | Prints one line of JSON on standard output when ready; everything else goes to standard error. |
`

keepGenerated(command, [{ path: 'docs/reference/configuration.md', text }])

function row({
  variable,
  option,
  byDefault,
  description,
}: (typeof settings)[keyof typeof settings]) {
  const cells = [
    `\`${variable}\``,
    option === null ? '' : `\`${option}\``,
    byDefault === null ? '' : `\`${byDefault}\``,
    description,
  ]
  return `| ${cells.join(' | ')} |`
}
