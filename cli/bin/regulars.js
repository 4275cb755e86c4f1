#!/usr/bin/env -S MALLOC_ARENA_MAX=1 MALLOC_MMAP_THRESHOLD_=262144 node --max-semi-space-size=8 --max-old-space-size=1024
// A small nursery for young objects: 50 MB less memory under load, at the same rate (npm run bench).
// With a bound that nothing of ours comes near, old ones are collected sooner; and glibc, where it is
// the system's, gives back what DuckDB and large replies have freed. A sync takes 180 MB less, and a
// sixth more processor time (npm run bench:sync -- memory).
//
// Plain JavaScript, so that a Node too old for the sources can still say so.
const [major, minor] = process.versions.node.split('.').map(Number)
if (major < 22 || (major === 22 && minor < 18)) {
  console.error(
    `Regulars needs Node 22.18 or later, and this is ${process.versions.node}; in a clone, ` +
      'npx regulars uses the Node that npm ci installed.',
  )
  process.exitCode = 2
} else await import('../src/main.ts')
