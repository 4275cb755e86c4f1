import { addMigrate } from './migrate.ts'
import { addProgram } from './program.ts'
import { newCommand, run } from './run.ts'
import { addUp } from './up.ts'

const regulars = newCommand('regulars').description('The open loyalty counter for restaurants.')
addUp(regulars)
addProgram(regulars)
addMigrate(regulars)
await run(regulars)
