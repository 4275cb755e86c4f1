import { problemText, programJsonSchema } from '@regulars/contract/program-file'
import { type AppliedProgram, applyFile, type ProgramPlan } from '@regulars/server/apply-file'
import { CannotStart } from '@regulars/server/cannot-start'
import { openLog } from '@regulars/server/log'
import { openProgramFile } from '@regulars/server/open-program-file'
import type { Command } from 'commander'
import colours from 'picocolors'
import { addConfigOptions, configFrom } from './config-options.ts'

/** `regulars program`: checks, describes and applies program files. */
export function addProgram(regulars: Command): void {
  const program = regulars.command('program').description('Work with program files.')
  program
    .command('check')
    .argument('<file>')
    .description('Read a program file and print everything that is wrong with it.')
    .action(check)
  program
    .command('schema')
    .description('Print the JSON Schema of program files, for editors.')
    .action(() => console.log(JSON.stringify(programJsonSchema(), null, 2)))
  const apply = program
    .command('apply')
    .argument('<file>')
    .description('Bring a database to what a program file says, a running counter included.')
    .option('--dry-run', 'Only print what would be done.')
  addConfigOptions(apply, ['data'])
  apply.action(applyOrPlan)
}

async function check(path: string): Promise<void> {
  const file = await openProgramFile(path)
  if (file.kind === 'refused') throw new CannotStart(file.problems.map(problemText).join('\n'))
  const { business, locations, redeemables = [], guests = [] } = file.program
  console.log(
    `${path} is sound: ${business.name}, ${locations.length} locations, ` +
      `${redeemables.length} redeemables, ${guests.length} guests.`,
  )
}

async function applyOrPlan(path: string, options: { dryRun?: true }): Promise<void> {
  const config = configFrom(options)
  const result = await applyFile({
    config,
    path,
    isDryRun: options.dryRun === true,
    log: openLog(config.logLevel, process.stderr),
    onProgress: (line) => console.error(line),
  })
  process.stdout.write(planText(result))
  const problems = result.kind === 'applied' ? result.guestProblems : []
  if (problems.length > 0) throw new CannotStart(problems.join('\n'))
}

const signs = {
  create: colours.green('+ create'),
  update: colours.yellow('~ update'),
  absent: colours.dim('  absent'),
} as const

function planText({ kind, business, entries }: ProgramPlan | AppliedProgram): string {
  const lines = entries.flatMap(({ kind: what, externalId, step }) =>
    step === 'unchanged' ? [] : [`${signs[step]}  ${what.replaceAll('_', ' ')} ${externalId}`],
  )
  const count = (step: string) => entries.filter((entry) => entry.step === step).length
  const tense = kind === 'plan' ? 'would be ' : ''
  const [created, updated, absent] = [count('create'), count('update'), count('absent')]
  const summary =
    `${business}: ${created} ${tense}created, ${updated} ${tense}updated, ` +
    `${count('unchanged')} unchanged, ${absent} absent from the file (they stay as they are).`
  return `${[...lines, summary].join('\n')}\n`
}
