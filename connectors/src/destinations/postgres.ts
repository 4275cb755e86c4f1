import { DestinationRefused, type OpenDestination } from '../destination.ts'
export const openPostgres: OpenDestination = async () => {
  throw new DestinationRefused('not yet')
}
