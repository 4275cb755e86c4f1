// Writes server/schema.sql: what the migrations add up to, read back from a database that has them.
//   node server/tools/schema.ts           writes it
//   node server/tools/schema.ts --check   says whether it is current
import pg from 'pg'
import { keepGenerated } from '../../contract/tools/keep-generated.ts'
import { openTemporary } from '../src/embedded/embedded.ts'
import { migrate } from '../src/store/migrate.ts'

const head =
  '-- Made by `npm run schema` from server/migrations. Do not edit: a review reads here what changed.'

const sequencesQuery = `
select sequencename as name,
       format('create sequence %I increment by %s start with %s;', sequencename, increment_by,
              start_value) as text
  from pg_sequences where schemaname = 'public' order by sequencename`

const tablesQuery = `
select c.relname as name,
       format(E'create table %I (\\n%s\\n);', c.relname,
         string_agg(format('  %I %s%s%s', a.attname, format_type(a.atttypid, a.atttypmod),
           case when a.attnotnull then ' not null' else '' end,
           coalesce(' default ' || pg_get_expr(d.adbin, d.adrelid), '')),
           E',\\n' order by a.attnum)) as text
  from pg_class c
  join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
  left join pg_attrdef d on d.adrelid = c.oid and d.adnum = a.attnum
 where c.relkind = 'r' and c.relnamespace = 'public'::regnamespace
   and c.relname <> 'schema_migrations'
 group by c.oid, c.relname order by c.relname`

const constraintsQuery = `
select c.relname as name,
       format('alter table %I add constraint %I %s;', c.relname, k.conname,
              pg_get_constraintdef(k.oid)) as text
  from pg_constraint k join pg_class c on c.oid = k.conrelid
 where c.relnamespace = 'public'::regnamespace and k.contype in ('p', 'u', 'f', 'c')
   and c.relname <> 'schema_migrations'
 order by c.relname, k.contype desc, k.conname`

const indexesQuery = `
select c.relname as name, pg_get_indexdef(i.indexrelid) || ';' as text
  from pg_index i join pg_class c on c.oid = i.indrelid join pg_class x on x.oid = i.indexrelid
 where c.relnamespace = 'public'::regnamespace and c.relname <> 'schema_migrations'
   and not exists (select from pg_constraint k where k.conindid = i.indexrelid)
 order by c.relname, x.relname`

type Piece = { name: string; text: string }

keepGenerated('npm run schema', [{ path: 'server/schema.sql', text: await schemaText() }])

async function schemaText(): Promise<string> {
  const postgres = await openTemporary()
  try {
    await migrate(postgres.databaseUrl)
    const client = new pg.Client({ connectionString: postgres.databaseUrl })
    await client.connect()
    const pieces = async (query: string) => (await client.query<Piece>(query)).rows
    const sequences = await pieces(sequencesQuery)
    const tables = await pieces(tablesQuery)
    const rest = [...(await pieces(constraintsQuery)), ...(await pieces(indexesQuery))]
    await client.end()
    const paragraphs = tables.map(({ name, text }) =>
      [text, ...rest.filter((piece) => piece.name === name).map((piece) => piece.text)].join('\n'),
    )
    return `${[head, ...sequences.map(({ text }) => text), ...paragraphs].join('\n\n')}\n`
  } finally {
    await postgres.stop()
  }
}
