import type { SyncEvent } from '@regulars/connectors/events'
import type { Report } from '@regulars/connectors/sync'
import colours from 'picocolors'
import { count } from '../figures.ts'
import { type Bars, openBars } from './bars.ts'
import { progressText } from './progress-text.ts'
import type { SyncCommandOptions } from './sync-options.ts'
import { shown } from './target.ts'

/** Tells a person, or a program, how a sync goes. */
export type Telling = {
  tell(event: SyncEvent): void
  report(report: Report, to: string): void
  /** What is not of the sync itself, on standard error. */
  warn(sentence: string): void
  close(): void
}

const ranks = { fine: 0, info: 1, warning: 2, severe: 3 } as const

/** Lines of JSON on standard output, bars on a terminal, plain lines elsewhere. */
export function openTelling({
  json,
  logLevel,
}: Pick<SyncCommandOptions, 'json' | 'logLevel'>): Telling {
  const isTold = ({ level }: SyncEvent) => ranks[level] >= ranks[logLevel]
  if (json === true) {
    return {
      tell: (event) => {
        if (isTold(event)) process.stdout.write(`${JSON.stringify(event)}\n`)
      },
      report: (report) => {
        process.stdout.write(`${JSON.stringify({ event: 'report', ...report })}\n`)
      },
      warn: (sentence) => console.error(sentence),
      close: () => {},
    }
  }
  let bars: Bars | null = null
  return {
    tell(event) {
      if (event.event === 'started' && process.stderr.isTTY) {
        bars?.stop()
        bars = openBars()
      }
      bars?.tell(event)
      const isDrawn = bars !== null && event.event === 'progress'
      const line = isTold(event) && !isDrawn ? lineOf(event) : null
      if (line === null) return
      if (bars === null) console.error(line)
      else bars.log(line)
    },
    report(report, to) {
      bars?.stop()
      bars = null
      process.stdout.write(reportText(report, to))
    },
    warn: (sentence) => console.error(`${colours.yellow('warning')} ${sentence}`),
    close: () => bars?.stop(),
  }
}

/** One event as a line, or null for one that bars or the report show. */
function lineOf(event: SyncEvent): string | null {
  const at = event.at.slice(11, 19)
  switch (event.event) {
    case 'started':
      return `${at} ${event.source} into ${event.destination}`
    case 'locations': {
      const gone = event.gone.length === 0 ? '' : `; gone: ${event.gone.join(', ')}`
      return `${at} ${count(event.count)} locations${gone}`
    }
    case 'read':
      return `${at} ${event.location} ${event.stream} ${event.purpose} ${event.what}: ${count(event.records)} records`
    case 'progress':
      return event.level === 'fine' ? null : `${at} ${progressText(event)}`
    case 'retry': {
      const whose = event.location === null ? '' : `${event.location} `
      return `${at} ${whose}${event.said}; again in ${(event.waitMs / 1_000).toFixed(1)} s`
    }
    case 'unknown-member':
      return `${at} ${colours.yellow('new')} ${event.table} has a member ${event.member} that no column takes as it is; it is kept in _extra`
    case 'quarantined':
      return `${at} ${colours.yellow('set aside')} ${event.location} ${event.stream} ${event.id ?? 'without id'}: ${event.reason}`
    case 'problem':
      return `${at} ${colours.red('✗')} ${problemText(event)}`
    case 'postponed':
      return `${at} ${event.location} ${event.stream}: ${count(event.tasks)} readings of the past wait, because ${event.reason}`
    case 'skipped':
      return `${at} ${colours.red('✗')} this round is left out: ${event.message}`
    default:
      return null
  }
}

function problemText({ location, stream, verdict, message }: Report['problems'][number]): string {
  const whose = location === null ? stream : `${location} ${stream}`
  return `${whose} (${verdict}): ${message}`
}

function setAsideText({ seen, open }: Report['quarantined']): string {
  const are = open === 1 ? '1 record is' : `${count(open)} records are`
  return `${are} set aside, ${count(seen)} by this sync; the table quarantine holds each with its reason.`
}

const nextSteps: Readonly<Record<Report['outcome'], string>> = {
  complete: '',
  partial: 'Start the same command again to go on from here.',
  stopped: 'All that was read is saved; start the same command again to go on from here.',
  refused: 'Mend the configuration, then start the same command again.',
  failed: 'Nothing could be read.',
}

function reportText(
  { outcome, written, problems, quarantined, figures, seconds }: Report,
  to: string,
): string {
  const mark = outcome === 'complete' ? colours.green('✓') : colours.red('✗')
  const requests = Object.values(figures).reduce((sum, { calls }) => sum + calls, 0)
  const rate = Math.round(written.rows / Math.max(seconds, 0.001))
  const lines = [
    `${mark} ${outcome}: ${count(written.rows)} rows written to ${shown(to)}, ` +
      `${count(written.removed)} marked deleted, ${count(written.unitsUnchanged)} records unchanged, ` +
      `in ${seconds.toFixed(1)} s (${count(rate)} rows/s) with ${count(requests)} requests.`,
    quarantined.open === 0 ? '' : `  ${setAsideText(quarantined)}`,
    ...problems.map((problem) => `  ${problemText(problem)}`),
    nextSteps[outcome],
  ]
  return `${lines.filter((line) => line !== '').join('\n')}\n`
}
