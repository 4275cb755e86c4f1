import type { Facts } from './facts.ts'

/** Kitchen stations; the last one sees what the others make. */
export const prepStations = [
  { name: 'Grill', routing: 'SEND_TO_EXPO', printer: 0, connected: [] },
  { name: 'Bar à café', routing: 'SKIP_EXPO', printer: null, connected: [] },
  { name: 'Expo', routing: 'EXPO_ONLY', printer: 1, connected: [0, 1] },
] as const

export function prepStationGuid({ guids }: Facts, restaurant: number, number: number): string {
  return guids.of('prepStation', restaurant, 0, 0, number)
}
