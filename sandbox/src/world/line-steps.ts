import { voidReasons } from './catalogue.ts'
import { type Life, nextGuid, type TakeStep } from './life.ts'
import { addLine } from './make-lines.ts'
import { emptyCheck } from './open-order.ts'
import type { CheckState, LineState } from './order-state.ts'
import type { StepKind } from './order-timeline.ts'
import { below, chance, pick } from './random.ts'

type LineStep =
  | 'addLines'
  | 'send'
  | 'removeLine'
  | 'voidLine'
  | 'splitCheck'
  | 'merge'
  | 'moveLine'
  | 'moveCheck'
  | 'dispatch'
  | 'deliver'

/** What happens to lines and to the checks that hold them. */
export const lineSteps = {
  addLines: (life, order, { at }) => {
    const check = order.checks[0]
    if (check === undefined) return
    addLine(life, check, at)
    if (chance(life.random, 0.4)) addLine(life, check, at)
  },
  send: (_life, order, { at }) => {
    for (const line of order.checks.flatMap(({ lines }) => lines)) sendLine(line, at)
  },
  // A line that was never sent leaves no trace.
  removeLine: (_life, order) => {
    const check = order.checks[0]
    if (check !== undefined && check.lines.length > 1) check.lines.splice(-1, 1)
  },
  voidLine: (life, order, { at }) => {
    const line = order.checks[0]?.lines.find(
      ({ voidedAt, kind }) => voidedAt === null && kind === 'item',
    )
    if (line === undefined) return
    voidLine(line, at, chance(life.random, 0.8) ? below(life.random, voidReasons.length) : null)
  },
  splitCheck: (life, order, { at }) => {
    const check = order.checks[0]
    if (check === undefined || check.lines.length === 0) return
    const second = emptyCheck(life, order, at)
    splitInto(life, { from: check, to: second, at })
    order.checks.push(second)
  },
  merge: (life, order, { at }) => {
    const [target] = order.checks
    const source = life.orders[1]
    const [check] = source?.checks ?? []
    if (source === undefined || target === undefined || check === undefined) return
    target.lines.push(...check.lines)
    for (const line of check.lines) line.modifiedAt = at
    check.lines = []
    check.charges = []
    check.deletedAt = at
    source.deletedAt = at
  },
  moveLine: (life, order, { at }) => {
    const [from] = order.checks
    const [to] = life.orders[0]?.checks ?? []
    if (from === undefined || to === undefined || from.lines.length < 2) return
    const line = from.lines.pop()
    if (line === undefined) return
    line.modifiedAt = at
    to.lines.push(line)
  },
  moveCheck: (life, order, { at }) => {
    const other = life.orders[1]
    if (other === undefined || order.checks.length < 2) return
    const check = order.checks.pop()
    if (check === undefined) return
    check.modifiedAt = at
    other.checks.push(check)
  },
  dispatch: (life, order, { at }) => {
    if (order.delivery === null) return
    order.delivery.dispatchedAt = at
    order.delivery.employee = pick(life.random, [1, 5, 9])
  },
  deliver: (_life, order, { at }) => {
    if (order.delivery !== null) order.delivery.deliveredAt = at
  },
} satisfies Record<LineStep & StepKind, TakeStep>

/** Voids a line and what hangs below it; both keep their prices. */
export function voidLine(line: LineState, voidedAt: number, reason: number | null): void {
  line.voidedAt = voidedAt
  line.voidReason = reason
  line.modifiedAt = voidedAt
  for (const modifier of line.modifiers) voidLine(modifier, voidedAt, reason)
}

function sendLine(line: LineState, sentAt: number): void {
  line.sentAt ??= sentAt
  line.modifiedAt = sentAt
  for (const modifier of line.modifiers) sendLine(modifier, sentAt)
}

type Split = { from: CheckState; to: CheckState; at: number }

/** Half of a line of two goes to the new check, else the last line as it is. */
function splitInto(life: Life, { from, to, at }: Split): void {
  const double = from.lines.find(({ quantity, voidedAt }) => quantity === 2000 && voidedAt === null)
  if (double !== undefined) {
    halve(double, at)
    to.lines.push(copied(life, double, at))
    return
  }
  if (from.lines.length < 2) return
  const line = from.lines.pop()
  if (line === undefined) return
  line.modifiedAt = at
  to.lines.push(line)
}

function halve(line: LineState, at: number): void {
  line.quantity /= 2
  line.modifiedAt = at
  for (const modifier of line.modifiers) halve(modifier, at)
}

function copied(life: Life, line: LineState, createdAt: number): LineState {
  return {
    ...line,
    guid: nextGuid(life, 'selection'),
    splitFrom: line.guid,
    createdAt,
    modifiedAt: createdAt,
    discounts: [],
    modifiers: line.modifiers.map((modifier) => copied(life, modifier, createdAt)),
  }
}
