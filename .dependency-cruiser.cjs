/**
 * Which package may import which: the table in docs/architecture.md, "What may import what".
 * It binds src/; tests, benchmarks and examples may import any package.
 */
const src = (name) => `^${name}/src/`
const onlyFrom = (name, allowed) => ({
  name: `${name}-imports`,
  severity: 'error',
  comment: `${name} may import from us only: ${allowed.join(', ') || 'nothing'}`,
  from: { path: src(name) },
  to: {
    path: '^(contract|engine|server|connectors|sandbox|cli)/',
    pathNot: [...[name, ...allowed].map(src), `^${name}/package.json$`],
  },
})

module.exports = {
  forbidden: [
    { name: 'no-circular', severity: 'error', from: {}, to: { circular: true } },
    { name: 'resolvable', severity: 'error', from: {}, to: { couldNotResolve: true } },
    {
      name: 'values-stand-alone',
      severity: 'error',
      from: { path: '^contract/src/(values/|refusals)' },
      to: { path: '^contract/src/', pathNot: '^contract/src/(values/|refusals)' },
    },
    onlyFrom('contract', []),
    onlyFrom('engine', ['contract']),
    onlyFrom('server', ['contract', 'engine']),
    onlyFrom('connectors', ['contract']),
    onlyFrom('sandbox', []),
    onlyFrom('cli', ['contract', 'engine', 'server', 'connectors', 'sandbox']),
    {
      name: 'sources-and-destinations-never-meet',
      severity: 'error',
      comment: 'the run introduces them',
      from: { path: '^connectors/src/(toast|punchh)/' },
      to: { path: '^connectors/src/(destinations|run)/' },
    },
    {
      name: 'destinations-know-no-source',
      severity: 'error',
      from: { path: '^connectors/src/destinations/' },
      to: { path: '^connectors/src/(toast|punchh|run)/' },
    },
    {
      name: 'engine-knows-no-wire',
      severity: 'error',
      from: { path: src('engine') },
      to: { path: '^contract/src/', pathNot: '^contract/src/(values/|refusals)' },
    },
    {
      name: 'engine-is-pure',
      severity: 'error',
      comment: 'facts in, decision out: no package and no part of Node',
      from: { path: src('engine') },
      to: { dependencyTypes: ['npm', 'npm-dev', 'npm-optional', 'core'], pathNot: '^contract/' },
    },
    {
      name: 'src-does-not-import-tests',
      severity: 'error',
      from: { path: '/src/' },
      to: { path: '(/test/|^test/|^bench/)' },
    },
    {
      name: 'sandbox-stays-out',
      severity: 'error',
      comment: 'a counter in earnest has neither its clock nor its faults: only start-up adds them',
      from: { path: '/src/', pathNot: '^server/src/(sandbox/|start-counter)' },
      to: { path: '^server/src/sandbox/' },
    },
    {
      name: 'sql-stays-in-the-store',
      severity: 'error',
      comment: 'only the store, the embedded launcher and what opens them use the driver',
      from: {
        path: '^(server|cli)/src/',
        pathNot: '^server/src/(store|embedded|main|maintenance)',
      },
      to: { path: '^node_modules/pg/' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'types'],
    },
  },
}
