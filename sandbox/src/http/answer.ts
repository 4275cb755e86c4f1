import { randomUUID } from 'node:crypto'

/** What an endpoint answers; the body is sent as JSON. */
export type Answer = {
  status: number
  body: unknown
  headers?: Readonly<Record<string, string>>
}

export function ok(body: unknown, headers: Record<string, string> = {}): Answer {
  return { status: 200, body, headers }
}

/** Thrown anywhere below an endpoint, answered as Toast answers errors. */
export class Refused extends Error {
  readonly status: number
  constructor(status: number, message: string) {
    super(message)
    this.status = status
  }
}

/** An `ErrorMessage`; the request id is another each time. Cash management says less. */
export function errorAnswer(
  { status, message }: { status: number; message: string },
  { terse }: { terse: boolean },
): Answer {
  if (terse) return { status, body: { status, message } }
  return {
    status,
    body: {
      status,
      code: codes.get(status) ?? 0,
      message,
      messageKey: null,
      fieldName: null,
      link: null,
      requestId: randomUUID(),
      developerMessage: null,
      errors: [],
      canRetry: null,
    },
  }
}

const codes = new Map([
  [400, 10_025],
  [401, 10_010],
  [403, 10_011],
  [404, 10_012],
  [409, 10_020],
  [429, 10_029],
])
