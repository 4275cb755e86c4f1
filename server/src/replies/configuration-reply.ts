import type { Catalog } from '../catalog/catalog.ts'
import type { Location } from '../store/callers.ts'

/** What a till is told about its store. Everything but the last member is text, as published. */
export function configurationReply(location: Location, catalog: Catalog) {
  const { document, locationId } = location
  return {
    location_id: String(locationId),
    location_name: `${locationId}-${location.name}`,
    business_name: `${location.businessId}-${catalog.businessName}`,
    header: document.header ?? '',
    trailer_1: document.trailer_1 ?? '',
    trailer_2: document.trailer_2 ?? '',
    trailer_3: document.trailer_3 ?? '',
    trailer_4: document.trailer_4 ?? '',
    trailer_5: document.trailer_5 ?? '',
    ...(catalog.counter.exposeProgramStructure ? programModes(catalog) : {}),
    log_level: String(document.log_level ?? 4),
    print_barcodes: oneOrZero(document.print_barcodes ?? true),
    send_to_datasink: oneOrZero(document.send_to_datasink ?? true),
    short_key: String(document.short_key ?? 0),
    update_interval: String(document.update_interval ?? 60),
    multiple_redemption_on_location: catalog.counter.multipleRedemptionsEnabled && location.redeems,
  }
}

/** Exactly one of the three is on; points that become rewards count among the banked. */
function programModes({ program: { programType } }: Catalog) {
  return {
    banked_rewards_mode: oneOrZero(programType === 'points'),
    points_unlock_mode: oneOrZero(programType === 'points_unlock_redeemables'),
    visits_mode: oneOrZero(programType === 'visits'),
  }
}

function oneOrZero(flag: boolean): '0' | '1' {
  return flag ? '1' : '0'
}
