import { readdir, readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import swagger from '@fastify/swagger'
import swaggerUi from '@fastify/swagger-ui'
import { type Examples, openApiDocument } from '@regulars/contract/documents/openapi'
import { postmanCollection } from '@regulars/contract/documents/postman'
import type { Operation } from '@regulars/contract/wire/operation'
import type { FastifyInstance } from 'fastify'
import type { OpenAPIV3 } from 'openapi-types'

const examplesFolder = fileURLToPath(new URL('../../../contract/examples', import.meta.url))

/** Serves the wire as documents: `/openapi.json`, `/postman.json`, and a page to read at `/docs`. */
export async function serveDocuments(
  app: FastifyInstance,
  { operations, version }: { operations: readonly Operation[]; version: string },
): Promise<void> {
  const examples = await readExamples()
  const document = openApiDocument({ operations, examples, version })
  app.get('/openapi.json', async () => document)
  app.get('/postman.json', async () => postmanCollection({ operations, examples }))
  // The page's own types end at 3.0; it reads 3.1.
  const specification = { document: document as unknown as OpenAPIV3.Document }
  await app.register(swagger, { mode: 'static', specification })
  await app.register(swaggerUi, {
    routePrefix: '/docs',
    uiConfig: { docExpansion: 'list' },
    theme: {
      title: 'Regulars',
      css: [{ filename: 'regulars.css', content: '.swagger-ui .topbar { display: none }' }],
    },
  })
}

async function readExamples(): Promise<Examples> {
  const names = (await readdir(examplesFolder)).filter((name) => name.endsWith('.json'))
  const read = names.map(async (name): Promise<[string, unknown]> => {
    const text = await readFile(`${examplesFolder}/${name}`, 'utf8')
    return [name.replace(/\.json$/, ''), JSON.parse(text)]
  })
  return new Map(await Promise.all(read))
}
