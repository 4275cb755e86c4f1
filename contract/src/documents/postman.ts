import type { Auth, Operation } from '../wire/operation.ts'
import { type Examples, surfaceNames } from './openapi.ts'

/**
 * A Postman collection (v2.1) of the operations: a folder per surface, our example as each body, the
 * keys as variables, and the digest computed before each signed call.
 */
export function postmanCollection({
  operations,
  examples,
}: {
  operations: readonly Operation[]
  examples: Examples
}) {
  return {
    info: {
      name: 'Regulars',
      schema: 'https://schema.getpostman.com/json/collection/v2.1.0/collection.json',
    },
    variable: Object.entries(variables).map(([key, value]) => ({ key, value })),
    event: [{ listen: 'prerequest', script: { type: 'text/javascript', exec: digestScript } }],
    item: Object.entries(surfaceNames).flatMap(([surface, name]) => {
      const own = operations.filter((operation) => operation.surface === surface)
      return own.length === 0 ? [] : [{ name, item: own.map((one) => request(one, examples)) }]
    }),
  }
}

const variables = {
  url: 'http://127.0.0.1:8080',
  location_key: '',
  business_key: '',
  client: '',
  client_secret: '',
  access_token: '',
  admin_key: '',
}

function request(operation: Operation, examples: Examples) {
  const { method, name, path, summary } = operation
  const example = examples.get(`${name}.request`)
  return {
    name: `${method} ${path}`,
    request: {
      description: summary,
      method,
      header: [
        { key: 'Content-Type', value: 'application/json' },
        { key: 'Accept', value: 'application/json' },
        { key: 'User-Agent', value: 'Postman/POS/1.0' },
        ...authorization[operation.auth],
      ],
      url: `{{url}}${path.replace(/\{(\w+)\}/g, ':$1')}`,
      ...(example === undefined
        ? {}
        : { body: { mode: 'raw', raw: JSON.stringify(withClient(example), null, 2) } }),
    },
    // A body stands on GET and DELETE too.
    protocolProfileBehavior: { disableBodyPruning: true },
  }
}

const bearer = (variable: string) => [{ key: 'Authorization', value: `Bearer {{${variable}}}` }]

const authorization: Readonly<Record<Auth, readonly { key: string; value: string }[]>> = {
  none: [],
  location_key: [
    { key: 'Authorization', value: 'Token token={{location_key}}, btoken={{business_key}}' },
  ],
  signed_client: [],
  signed_guest: bearer('access_token'),
  client: [],
  admin_key: bearer('admin_key'),
}

function withClient(example: unknown): unknown {
  const isObject = typeof example === 'object' && example !== null && !Array.isArray(example)
  return isObject && 'client' in example ? { ...example, client: '{{client}}' } : example
}

// Runs in Postman's own sandbox, which has CryptoJS. The compact body is what is signed and sent.
const digestScript = [
  'const path = pm.request.url.getPathWithQuery()',
  "if (path.startsWith('/api/auth') || path.startsWith('/api2/mobile')) {",
  "  const raw = pm.variables.replaceIn(pm.request.body ? pm.request.body.raw || '' : '')",
  "  const body = raw === '' ? '' : JSON.stringify(JSON.parse(raw))",
  "  if (body !== '') pm.request.body.update({ mode: 'raw', raw: body })",
  "  const hmac = path.startsWith('/api2/mobile') ? CryptoJS.HmacSHA256 : CryptoJS.HmacSHA1",
  "  const digest = hmac(path + body, pm.variables.get('client_secret')).toString()",
  "  pm.request.headers.upsert({ key: 'x-pch-digest', value: digest })",
  '}',
]
