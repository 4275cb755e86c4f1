import { ping, posConfiguration } from '@regulars/contract/wire/pos-configuration'
import { posMeta } from '@regulars/contract/wire/pos-meta'
import { configurationReply } from '../replies/configuration-reply.ts'
import { metaReply } from '../replies/meta-reply.ts'
import { ok, type Route, route } from './call.ts'

export const posConfigurationRoutes: readonly Route[] = [
  route(ping, async () => ok('OK')),

  route(posConfiguration, async (deps, { caller }) => {
    const catalog = await deps.catalogs.newest(caller.businessId)
    return ok(configurationReply(caller.location, catalog))
  }),

  route(posMeta, async (deps, { caller, language }) => {
    const catalog = await deps.catalogs.newest(caller.businessId)
    return ok(metaReply(catalog, language))
  }),
]
