import { type ConfigResource, configResources, resourceNumbers } from './config-resources.ts'
import type { Facts } from './facts.ts'
import { sharedByAll } from './guids.ts'
import { dayMs } from './instants.ts'
import { publishAt, publishOf } from './publishes.ts'
import { hashOf } from './random.ts'

/** One entity of the configuration as it stands at an instant. */
export type ConfigEntity = {
  resource: ConfigResource
  /** Index in the catalogue; from `seasonalFrom` on it is one that comes and goes. */
  number: number
  guid: string
  createdAt: number
  modifiedAt: number
  /** 0 until its first edit; another number after each. */
  revision: number
}

/** Entities with numbers from here on come and go with publishes and are never sold. */
export const seasonalFrom = 1_000
/** A seasonal entity comes every so many publishes and stays for twice as many. */
const seasonPublishes = 4
/** Publishes from one edit of an entity to the next, and up to twice as many. */
const editEveryMin = 30

/**
 * The entities a restaurant has of a resource at an instant, archived ones left out. What is
 * edited, archived or new becomes so at a publish, never between two.
 */
export function configEntities(
  facts: Facts,
  { restaurant, resource, now }: { restaurant: number; resource: ConfigResource; now: number },
): ConfigEntity[] {
  const publish = publishOf(facts, restaurant, now)
  const numbers = Array.from({ length: configResources[resource].count }, (_, number) => number)
  return [...numbers, ...seasonal(facts, resource, publish)].map((number) =>
    entityAt(facts, { restaurant, resource, number, publish }),
  )
}

/** The guid of an entity, whether it exists or not. Some are one entity in all restaurants. */
export function configGuid(
  { guids }: Facts,
  restaurant: number,
  resource: ConfigResource,
  number: number,
): string {
  const shared = configResources[resource].shared(number)
  return guids.of('config', shared ? sharedByAll : restaurant, 0, resourceNumbers[resource], number)
}

/** The same for every restaurant's version of an entity: numeric text. */
export function multiLocationId(resource: ConfigResource, number: number): string {
  return String(100_000_000_000_000_000n + BigInt(resourceNumbers[resource] * 100_000 + number))
}

function seasonal({ seed }: Facts, resource: ConfigResource, publish: number): number[] {
  if (!configResources[resource].seasonal) return []
  const offset = hashOf(seed, resourceNumbers[resource], 31) % seasonPublishes
  const season = Math.floor((publish - offset) / seasonPublishes)
  return [season - 1, season].map((each) => seasonalFrom + each)
}

function entityAt(
  facts: Facts,
  which: { restaurant: number; resource: ConfigResource; number: number; publish: number },
): ConfigEntity {
  const { restaurant, resource, number } = which
  const made = madeAt(facts, which)
  const edit = lastEdit(facts, which, made.publish)
  return {
    resource,
    number,
    guid: configGuid(facts, restaurant, resource, number),
    createdAt: made.at,
    modifiedAt: edit === null ? made.at : publishAt(facts, restaurant, edit),
    revision: edit ?? 0,
  }
}

function madeAt(
  facts: Facts,
  {
    restaurant,
    resource,
    number,
  }: { restaurant: number; resource: ConfigResource; number: number },
): { publish: number; at: number } {
  if (number < seasonalFrom) {
    const days = hashOf(facts.seed, restaurant, resourceNumbers[resource], number, 8) % 300
    return { publish: 0, at: publishAt(facts, restaurant, 0) - days * dayMs }
  }
  const offset = hashOf(facts.seed, resourceNumbers[resource], 31) % seasonPublishes
  const publish = (number - seasonalFrom) * seasonPublishes + offset
  return { publish, at: publishAt(facts, restaurant, publish) }
}

/** The publish that brought the last edit, or null: each entity is edited at its own pace. */
function lastEdit(
  { seed }: Facts,
  which: { restaurant: number; resource: ConfigResource; number: number; publish: number },
  madeBy: number,
): number | null {
  const key = hashOf(seed, which.restaurant, resourceNumbers[which.resource], which.number, 9)
  const every = editEveryMin + (key % editEveryMin)
  const edit = which.publish - ((which.publish + (key >>> 8)) % every)
  return edit > madeBy ? edit : null
}
