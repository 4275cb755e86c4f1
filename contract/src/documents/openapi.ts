import type { TSchema } from 'typebox'
import { type RefusalCode, refusals } from '../refusals.ts'
import type { Auth, Operation, Surface } from '../wire/operation.ts'
import { publishedSchema } from '../wire/published-schema.ts'
import { refusalReply, refusalsOf } from '../wire/refusal-replies.ts'

/** Examples of messages by file stem: `pos-users-find.request`, `pos-users-find.reply`. */
export type Examples = ReadonlyMap<string, unknown>

/**
 * The OpenAPI 3.1 document of the operations. JSON bodies stand on GET and DELETE as they do on the
 * wire; the same members are accepted in the query string.
 */
export function openApiDocument({
  operations,
  examples,
  version,
}: {
  operations: readonly Operation[]
  examples: Examples
  version: string
}) {
  const paths: Record<string, Record<string, unknown>> = {}
  for (const operation of operations) {
    paths[operation.path] ??= {}
    Object.assign(paths[operation.path] ?? {}, {
      [operation.method.toLowerCase()]: operationObject(operation, examples),
    })
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Regulars',
      version,
      summary: 'The open loyalty counter for restaurants, on the Punchh wire.',
      description:
        'Independent of PAR and Punchh. Headers and members marked as ours never change what a published client reads.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    tags: Object.entries(surfaceNames).map(([, name]) => ({ name })),
    paths,
    components: { securitySchemes },
  }
}

export const surfaceNames: Readonly<Record<Surface, string>> = {
  pos: 'Tills',
  online_ordering: 'Online ordering',
  mobile: 'Mobile',
  otp: 'Advanced Authentication',
  admin: 'Administration',
  ours: 'Regulars',
}

const securitySchemes = {
  location_key: {
    type: 'apiKey',
    in: 'header',
    name: 'Authorization',
    description: '`Token token=LOCATION_KEY, btoken=BUSINESS_KEY`',
  },
  digest: {
    type: 'apiKey',
    in: 'header',
    name: 'x-pch-digest',
    description:
      'Lower-case hex HMAC of path, query and body under the client secret: SHA-1 on online ordering, SHA-256 on mobile.',
  },
  guest: { type: 'http', scheme: 'bearer', description: 'The access token of a guest.' },
  admin_key: { type: 'http', scheme: 'bearer', description: 'The admin key of a business.' },
}

const securityOf: Readonly<Record<Auth, readonly Record<string, readonly string[]>[]>> = {
  none: [],
  location_key: [{ location_key: [] }],
  signed_client: [{ digest: [] }],
  signed_guest: [{ digest: [], guest: [] }],
  client: [],
  admin_key: [{ admin_key: [] }],
}

function operationObject(operation: Operation, examples: Examples) {
  const { name, params, request, summary, surface } = operation
  const example = examples.get(`${name}.request`)
  return {
    operationId: name,
    summary,
    tags: [surfaceNames[surface]],
    security: securityOf[operation.auth],
    parameters: [...headerParameters(operation), ...pathParameters(params)],
    ...(hasMembers(request)
      ? { requestBody: { content: { 'application/json': content(request, example) } } }
      : {}),
    responses: { ...successes(operation, examples), ...refusalResponses(operation) },
  }
}

function content(schema: TSchema, example: unknown) {
  const published = { schema: publishedSchema(schema) }
  return example === undefined ? published : { ...published, example }
}

function hasMembers(schema: TSchema): boolean {
  return Object.keys((schema as { properties?: object }).properties ?? {}).length > 0
}

function headerParameters({ auth, surface }: Operation) {
  if (auth === 'none') return []
  const header = (name: string, description: string, required: boolean) => ({
    name,
    in: 'header',
    required,
    description,
    schema: { type: 'string' },
  })
  return [
    header('User-Agent', 'IntegratorName/IntegrationType/Version; refused without it.', true),
    header('Accept-Language', 'Names and descriptions in this language where there is one.', false),
    ...(surface === 'mobile'
      ? [header('punchh-app-device-id', 'Stable id of the device.', false)]
      : []),
  ]
}

function pathParameters(params: TSchema | undefined) {
  const properties = (params as { properties?: Record<string, TSchema> } | undefined)?.properties
  return Object.entries(properties ?? {}).map(([name, schema]) => ({
    name,
    in: 'path',
    required: true,
    schema: publishedSchema(schema),
  }))
}

function successes({ name, replies }: Operation, examples: Examples) {
  return Object.fromEntries(
    Object.entries(replies).map(([status, schema]) => {
      const isEmpty = (schema as { type?: string }).type === 'null'
      const reply = content(schema, examples.get(`${name}.reply`))
      return [
        status,
        {
          description: isEmpty ? 'Done; no body.' : 'Done.',
          ...(isEmpty ? {} : { content: { 'application/json': reply } }),
        },
      ]
    }),
  )
}

/** One response per status: its refusals by code with their texts, and what is sent for each. */
function refusalResponses(operation: Operation) {
  const byStatus = new Map<number, RefusalCode[]>()
  const bodies: Partial<Record<RefusalCode, { value: unknown }>> = {}
  for (const code of refusalsOf(operation)) {
    const facts = { name: '{name}' }
    const { status, body } = refusalReply(operation, { kind: 'refused', code, facts })
    byStatus.set(status, [...(byStatus.get(status) ?? []), code])
    bodies[code] = { value: body }
  }
  return Object.fromEntries(
    [...byStatus].map(([status, ofStatus]) => [
      status,
      {
        description: ofStatus.map((code) => `\`${code}\`: ${refusals[code].text}`).join('\n\n'),
        headers: {
          'Regulars-Code': { schema: { type: 'string', enum: ofStatus } },
          'Regulars-Retry': { schema: { type: 'string', enum: ['yes', 'no'] } },
        },
        content: {
          'application/json': {
            schema: {},
            examples: Object.fromEntries(ofStatus.map((code) => [code, bodies[code]])),
          },
        },
      },
    ]),
  )
}
