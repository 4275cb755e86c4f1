import { DuckDBInstance } from '@duckdb/node-api'

type Run = (sentence: string) => Promise<Record<string, unknown>[]>

/** Opens a file with the threads of a sync, and with more memory: whole statements need it. */
export async function onDuckdb<Result>(
  target: string,
  work: (run: Run) => Promise<Result>,
): Promise<Result> {
  const instance = await DuckDBInstance.create(target, {
    memory_limit: '4GB',
    threads: '2',
    temp_directory: `${target}.tmp`,
  })
  const duckdb = await instance.connect()
  try {
    await duckdb.run(`set TimeZone = 'UTC'`)
    return await work(async (sentence) => (await duckdb.runAndReadAll(sentence)).getRowObjectsJS())
  } finally {
    duckdb.closeSync()
    instance.closeSync()
  }
}
