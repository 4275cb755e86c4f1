import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import {
  createServer,
  request as httpRequest,
  type IncomingMessage,
  type ServerResponse,
} from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'

/** Toast as it once answered: what was asked before is answered from a folder. */
export type SavedPages = {
  url: string
  /** The pages of orders, unpacked, in a folder for each restaurant. */
  ordersFolder: string
  close(): Promise<void>
}

/** Stands in front of a stand-in and keeps every page it gives; what is kept is asked once. */
export async function savePages(standInUrl: string, folder: string): Promise<SavedPages> {
  const ordersFolder = join(folder, 'orders')
  const packedFolder = join(folder, 'packed')
  await mkdir(packedFolder, { recursive: true })
  const server = createServer((incoming, outgoing) => {
    answer({ standInUrl, ordersFolder, packedFolder }, incoming, outgoing).catch((error) =>
      outgoing.destroy(error),
    )
  })
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve)
  })
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    ordersFolder,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

type Places = { standInUrl: string; ordersFolder: string; packedFolder: string }

async function answer(
  places: Places,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
): Promise<void> {
  const { method, url = '', headers } = incoming
  const restaurant = String(headers['toast-restaurant-external-id'] ?? 'none')
  const name = createHash('md5').update(`${restaurant} ${url}`).digest('hex')
  const path = join(places.packedFolder, name)
  if (method === 'GET' && existsSync(path)) {
    const said = JSON.parse(await readFile(`${path}.headers`, 'utf8'))
    outgoing.writeHead(200, said).end(await readFile(path))
    return
  }
  const { status, said, body } = await pass(places.standInUrl, incoming)
  if (method === 'GET' && status === 200) {
    await writeFile(`${path}.headers`, JSON.stringify(said))
    await writeFile(path, body)
    if (url.startsWith('/orders/v2/ordersBulk')) {
      await mkdir(join(places.ordersFolder, restaurant), { recursive: true })
      const plain = said['content-encoding'] === 'gzip' ? gunzipSync(body) : body
      await writeFile(join(places.ordersFolder, restaurant, `${name}.json`), plain)
    }
  }
  outgoing.writeHead(status, said).end(body)
}

const keptHeaders = ['content-type', 'content-encoding', 'link', 'date', 'toast-next-page-token']

type Passed = { status: number; said: Record<string, string>; body: Buffer }

async function pass(standInUrl: string, incoming: IncomingMessage): Promise<Passed> {
  const { method = 'GET', url = '', headers } = incoming
  const parts: Buffer[] = []
  for await (const part of incoming) parts.push(part)
  const { connection: _, ...sent } = headers
  const passing = httpRequest(`${standInUrl}${url}`, { method, headers: sent })
  passing.end(Buffer.concat(parts))
  const [reply] = (await once(passing, 'response')) as [IncomingMessage]
  const body: Buffer[] = []
  for await (const part of reply) body.push(part)
  const said = Object.fromEntries(
    keptHeaders.flatMap((name) => {
      const value = reply.headers[name]
      return value === undefined ? [] : [[name, String(value)]]
    }),
  )
  return { status: reply.statusCode ?? 0, said, body: Buffer.concat(body) }
}
