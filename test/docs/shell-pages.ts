import { spawn } from 'node:child_process'
import type { Block } from './pages.ts'

/** What one block printed. */
export type Printed = { block: Block; output: string }

/**
 * Runs the `sh` blocks of a page one after the other in one shell, as a reader pastes them into one
 * terminal. Throws with what the shell said when a block fails.
 */
export async function runBlocks(
  blocks: readonly Block[],
  variables: Readonly<Record<string, string>>,
): Promise<Printed[]> {
  const script = blocks.map(({ text }) => `${text}\nprintf '\\n${endOfBlock}\\n'`).join('\n')
  const { output, errors, code } = await bash(`set -e\n${script}`, variables)
  const printed = output.split(`\n${endOfBlock}\n`)
  if (code !== 0) {
    const failed = blocks[printed.length - 1]
    throw new Error(`the block at line ${failed?.line} ended with ${code}: ${errors}`)
  }
  return blocks.map((block, place) => ({ block, output: printed[place] ?? '' }))
}

const endOfBlock = '=== end of block ==='

function bash(
  script: string,
  variables: Readonly<Record<string, string>>,
): Promise<{ output: string; errors: string; code: number | null }> {
  return new Promise((resolve, reject) => {
    const shell = spawn('bash', ['-c', script], {
      env: { ...process.env, ...variables, NO_COLOR: '1' },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    const output: Buffer[] = []
    const errors: Buffer[] = []
    shell.stdout.on('data', (chunk: Buffer) => output.push(chunk))
    shell.stderr.on('data', (chunk: Buffer) => errors.push(chunk))
    shell.on('error', reject)
    shell.on('close', (code) => {
      resolve({ output: textOf(output), errors: textOf(errors), code })
    })
  })
}

function textOf(chunks: readonly Buffer[]): string {
  return Buffer.concat(chunks).toString('utf8')
}

export function isShell({ language }: Block): boolean {
  return language === 'sh'
}

export function firstLine({ text }: Block): string {
  return text.split('\n')[0] ?? ''
}

/** The `json` or `text` block that follows a command directly is what it prints, in part. */
export function replyAfter(blocks: readonly Block[], command: Block): Block | null {
  const place = blocks.findIndex(({ line }) => line === command.line)
  const next = blocks[place + 1]
  if (next === undefined || (next.language !== 'json' && next.language !== 'text')) return null
  return next.before === '```' ? next : null
}
