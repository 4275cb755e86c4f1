import { DestinationFailed, DestinationRefused } from '@regulars/connectors/destination'
import { CannotStart } from '@regulars/server/cannot-start'
import { CannotOpen } from '@regulars/server/embedded'
import { Command, CommanderError } from 'commander'

/** What a shell is told: 0 done, 1 a fault of ours, 2 something the operator can mend. */
const exitCodes = { fault: 1, operator: 2 } as const

/** A command that reports wrong usage by throwing, like everything else. */
export function newCommand(name: string): Command {
  return new Command(name).exitOverride()
}

/** Runs the command line. Sentences for the operator go to stderr without a stack. */
export async function run(command: Command): Promise<void> {
  // Whoever reads what is printed may stop reading (`| head`): then there is nothing left to print.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(0)
    throw error
  })
  try {
    await command.parseAsync()
  } catch (error) {
    process.exitCode = report(error)
  }
}

function report(error: unknown): number {
  // Commander has printed its own sentence; asking for help is no error.
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : exitCodes.operator
  if (mendable.some((kind) => error instanceof kind)) {
    console.error((error as Error).message)
    return exitCodes.operator
  }
  console.error(error instanceof DestinationFailed ? error.message : error)
  return exitCodes.fault
}

/** What is thrown with a sentence for the operator. */
const mendable = [CannotStart, CannotOpen, DestinationRefused] as const
