import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    // Most files wait for processes and databases of their own most of the time.
    maxWorkers: 2,
    projects: [
      {
        test: {
          name: 'pure',
          include: ['contract/test/**/*.test.ts', 'engine/test/**/*.test.ts'],
          pool: 'threads',
          isolate: false,
          setupFiles: ['test/seed.ts'],
        },
      },
      {
        test: {
          name: 'running',
          include: [
            'server/test/**/*.test.ts',
            'connectors/test/**/*.test.ts',
            'sandbox/test/**/*.test.ts',
            'cli/test/**/*.test.ts',
            'test/**/*.test.ts',
          ],
          pool: 'forks',
          testTimeout: 30_000,
          hookTimeout: 60_000,
          setupFiles: ['test/seed.ts'],
          globalSetup: ['server/test/postgres-for-tests.ts'],
        },
      },
    ],
  },
})
