/** A published sentence of one of our operations that this counter never says, and why. */
export type UnspokenText = { operation: string; text: string; reason: string }

const distances = 'distances between a guest and a store are not measured'
const chosenInBasket = 'offers are chosen in the basket, not with the code'

/** Together with the list of refusals, every published sentence of the operations we have. */
export const unspokenTexts: readonly UnspokenText[] = [
  {
    operation: 'mobile-checkins-barcode',
    text: 'Guest not within range of restaurant location.',
    reason: distances,
  },
  {
    operation: 'mobile-checkins-barcode',
    text: "Due to network connectivity issues at the printing location, this Bar Code cannot be scanned. Please submit a picture of the receipt showing the receipt amount and receipt date via  'Need Help?' button.",
    reason: 'every printed code may be claimed; there is nobody to send a picture to',
  },
  {
    operation: 'mobile-checkins-qrcode',
    text: "Unable to determine your distance from {location}. Please check to see if your phone's GPS is enabled and try upgrading your app.",
    reason: distances,
  },
  {
    operation: 'mobile-checkins-qrcode',
    text: 'You can only checkin at this location within working hours.',
    reason: 'stores have no working hours here',
  },
  {
    operation: 'mobile-single-scan-tokens',
    text: 'Not valid gift card',
    reason: 'gift cards are not kept here; what is sent is passed on unchecked',
  },
  {
    operation: 'mobile-single-scan-tokens',
    text: 'Not valid coupon code',
    reason: chosenInBasket,
  },
  { operation: 'mobile-single-scan-tokens', text: 'Not valid redeemable', reason: chosenInBasket },
  {
    operation: 'mobile-single-scan-tokens',
    text: 'Not valid redemption code',
    reason: chosenInBasket,
  },
  { operation: 'mobile-single-scan-tokens', text: 'Not valid reward', reason: chosenInBasket },
]
