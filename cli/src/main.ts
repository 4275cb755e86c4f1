import { readFileSync } from 'node:fs'
import { addBackup } from './backup.ts'
import { addDemo } from './demo.ts'
import { addMigrate } from './migrate.ts'
import { addProgram } from './program.ts'
import { addRestore } from './restore.ts'
import { newCommand, run } from './run.ts'
import { addSandbox } from './sandbox/sandbox.ts'
import { addSync } from './sync/sync.ts'
import { addUp } from './up.ts'
import { addVerify } from './verify.ts'

const packageFile = new URL('../package.json', import.meta.url)
const { version } = JSON.parse(readFileSync(packageFile, 'utf8')) as { version: string }

const regulars = newCommand('regulars')
  .description('The open loyalty counter for restaurants.')
  .version(version)
addUp(regulars)
addProgram(regulars)
addMigrate(regulars)
addDemo(regulars)
addVerify(regulars)
addBackup(regulars)
addRestore(regulars)
addSync(regulars)
addSandbox(regulars)
await run(regulars)
