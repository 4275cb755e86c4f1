// Payloads as Toast sends them, null conventions included, one for each kind of record.

const restaurantGuid = '5f3b1a52-9c1e-4d7b-8d1e-2b6a7c9d0e1f'
const epoch = '1970-01-01T00:00:00.000+0000'

type Members = Record<string, unknown>

export const at = { restaurantId: restaurantGuid, fetchedAt: '2026-11-20T21:09:58.000Z' }

function ref(guid: string, entityType: string): Members {
  return { guid, entityType }
}

function xref(guid: string, entityType: string): Members {
  return { guid, entityType, externalId: null }
}

function cref(guid: string, entityType: string): Members {
  return { guid, entityType, multiLocationId: '100000000171238879', externalId: null }
}

function tax(amount: number, rate: number, name: string, guid: string | null = null): Members {
  return {
    guid,
    entityType: 'AppliedTaxRate',
    taxRate: ref(`rate-${name}`, 'TaxRate'),
    name,
    displayName: name,
    rate,
    taxAmount: amount,
    type: 'PERCENT',
    facilitatorCollectAndRemitTax: null,
    jurisdiction: null,
    jurisdictionType: null,
  }
}

/** A line or a modifier; what is not said is as Toast sends it for an ordinary one. */
export function selection(guid: string | null, more: Members = {}): Members {
  return {
    guid,
    entityType: 'MenuItemSelection',
    externalId: null,
    item: cref('item-burger', 'MenuItem'),
    itemGroup: cref('group-mains', 'MenuGroup'),
    optionGroup: null,
    preModifier: null,
    quantity: 1,
    seatNumber: 1,
    unitOfMeasure: 'NONE',
    selectionType: 'NONE',
    salesCategory: cref('category-food', 'SalesCategory'),
    appliedDiscounts: [],
    deferred: false,
    preDiscountPrice: 12.5,
    price: 12.5,
    tax: 1.109375,
    voided: false,
    voidDate: null,
    voidBusinessDate: null,
    voidReason: null,
    refundDetails: null,
    displayName: 'Burger “O’Brien” 日本',
    plu: '0042',
    premodifierPlu: null,
    createdDate: '2026-11-19T23:41:02.118+0000',
    modifiedDate: '2026-11-19T23:44:10.004+0000',
    modifiers: [],
    fulfillmentStatus: 'SENT',
    fulfillment: null,
    taxInclusion: 'NOT_INCLUDED',
    appliedTaxes: [],
    diningOption: xref('dining-in', 'DiningOption'),
    receiptLinePrice: 12.5,
    optionGroupPricingMode: null,
    splitOrigin: null,
    ...more,
  }
}

export function modifier(guid: string | null, more: Members = {}): Members {
  return selection(guid, {
    displayName: 'Cheese',
    optionGroup: cref('options-cheese', 'MenuOptionGroup'),
    optionGroupPricingMode: 'ADJUSTS_PRICE',
    price: 1,
    preDiscountPrice: 1,
    receiptLinePrice: 1,
    tax: 0.08875,
    diningOption: null,
    ...more,
  })
}

export function discount(guid: string | null, more: Members = {}): Members {
  return {
    guid,
    entityType: 'AppliedCustomDiscount',
    externalId: null,
    name: 'Lunch',
    discountAmount: 2.5,
    nonTaxDiscountAmount: 2.5,
    discount: ref('discount-lunch', 'CustomDiscount'),
    triggers: [],
    approver: null,
    processingState: null,
    appliedDiscountReason: null,
    loyaltyDetails: null,
    comboItems: [],
    appliedPromoCode: null,
    discountType: 'FIXED',
    discountPercent: null,
    ...more,
  }
}

export function payment(guid: string | null, more: Members = {}): Members {
  return {
    guid,
    entityType: 'OrderPayment',
    externalId: null,
    paidDate: '2026-11-20T00:10:00.000+0000',
    paidBusinessDate: 20261119,
    type: 'CREDIT',
    cardEntryMode: 'EMV_CHIP_SIGN',
    amount: 60.91,
    tipAmount: 9,
    amountTendered: 60.91,
    cardType: 'VISA',
    last4Digits: '0117',
    originalProcessingFee: 1.83,
    server: xref('employee-1', 'RestaurantUser'),
    cashDrawer: null,
    refundStatus: 'NONE',
    refund: null,
    paymentStatus: 'CAPTURED',
    voidInfo: null,
    houseAccount: null,
    otherPayment: null,
    createdDevice: { id: 'device-1' },
    lastModifiedDevice: { id: null },
    mcaRepaymentAmount: null,
    cardPaymentId: null,
    orderGuid: 'order-1',
    checkGuid: 'check-1',
    ...more,
  }
}

const loyaltyDiscount = discount('discount-2', {
  entityType: 'AppliedLoyaltyProviderDiscount',
  name: 'Reward',
  discountAmount: 5,
  nonTaxDiscountAmount: 5,
  processingState: 'APPLIED',
  loyaltyDetails: { vendor: 'PUNCHH2', referenceId: 'r-1' },
  appliedDiscountReason: {
    name: 'Birthday',
    description: 'A free dish',
    comment: null,
    discountReason: ref('reason-1', 'DiscountReason'),
  },
  approver: xref('employee-2', 'RestaurantUser'),
  triggers: [
    { selection: xref('line-1', 'MenuItemSelection'), quantity: 1 },
    { selection: xref('line-2', 'MenuItemSelection'), quantity: 2.5 },
  ],
  comboItems: [xref('line-1', 'MenuItemSelection'), xref('line-2', 'MenuItemSelection')],
})

export function check(guid: string | null, more: Members = {}): Members {
  return {
    guid,
    entityType: 'Check',
    externalId: null,
    createdDate: '2026-11-19T23:40:59.000+0000',
    openedDate: '2026-11-19T23:40:59.000+0000',
    closedDate: '2026-11-20T00:10:02.000+0000',
    modifiedDate: '2026-11-20T00:10:02.000+0000',
    deletedDate: epoch,
    deleted: false,
    selections: [],
    customer: null,
    appliedLoyaltyInfo: null,
    taxExempt: false,
    displayNumber: '0007',
    appliedServiceCharges: [],
    amount: 52.25,
    taxAmount: 8.659374999999999,
    totalAmount: 60.91,
    payments: [],
    tabName: null,
    paymentStatus: 'CLOSED',
    appliedDiscounts: [],
    voided: false,
    voidDate: null,
    voidBusinessDate: null,
    paidDate: '2026-11-20T00:10:00.000+0000',
    createdDevice: { id: 'device-1' },
    lastModifiedDevice: { id: 'device-2' },
    duration: 1741,
    openedBy: xref('employee-1', 'RestaurantUser'),
    ...more,
  }
}

/** Four lines with modifiers three deep, taxes, discounts, a gratuity, a payment: some 30 rows. */
function fullCheck(): Members {
  return check('check-1', {
    customer: {
      guid: 'customer-1',
      entityType: 'Customer',
      firstName: 'Zoë',
      lastName: 'Müller',
      phone: '0555010199',
      phoneCountryCode: '1',
      email: 'zoe@example.test',
    },
    appliedLoyaltyInfo: {
      guid: null,
      entityType: 'AppliedLoyaltyInfo',
      loyaltyIdentifier: 'G-77',
      maskedLoyaltyIdentifier: 'G-**',
      vendor: 'PUNCHH2',
      accrualFamilyGuid: null,
      accrualText: null,
    },
    selections: [
      selection('line-1', {
        modifiers: [
          modifier('mod-1', {
            appliedTaxes: [tax(0.08875, 0.08875, 'City')],
            modifiers: [
              modifier('mod-2', {
                voided: true,
                preModifier: cref('pre-extra', 'PreModifier'),
                modifiers: [modifier('mod-3', { quantity: 0.125 })],
              }),
            ],
          }),
          modifier('mod-4', { appliedDiscounts: [discount('discount-3')] }),
        ],
        appliedTaxes: [tax(0.5546875, 0.044375, 'State'), tax(0.5546875, 0.044375, 'State')],
        refundDetails: {
          refundAmount: 4,
          taxRefundAmount: 0.355,
          refundTransaction: ref('refund-1', 'RefundTransaction'),
        },
      }),
      selection('line-2', { appliedTaxes: [tax(1.109375, 0.08875, 'State')] }),
      selection('line-3', {
        appliedTaxes: [tax(1.109375, 0.08875, 'State')],
        appliedDiscounts: [discount('discount-1')],
        modifiers: [modifier('mod-5'), modifier('mod-6')],
      }),
      selection(null, {
        item: null,
        itemGroup: null,
        displayName: 'No onions',
        selectionType: 'SPECIAL_REQUEST',
      }),
    ],
    appliedDiscounts: [loyaltyDiscount],
    appliedServiceCharges: [
      {
        guid: 'charge-1',
        entityType: 'AppliedServiceCharge',
        externalId: null,
        chargeAmount: 9.4,
        serviceCharge: xref('service-1', 'ServiceCharge'),
        chargeType: 'PERCENT',
        name: 'Large party',
        delivery: false,
        takeout: false,
        dineIn: true,
        gratuity: true,
        taxable: true,
        appliedTaxes: [tax(0.834, 0.08875, 'State', 'tax-9')],
        serviceChargeCalculation: 'PRE_DISCOUNT',
        refundDetails: null,
        serviceChargeCategory: 'SERVICE_CHARGE',
        paymentGuid: null,
        destination: 'RESTAURANT',
      },
    ],
    payments: [payment('payment-1')],
  })
}

export function order(more: Members = {}): Members {
  return {
    guid: 'order-1',
    entityType: 'Order',
    externalId: null,
    openedDate: '2026-11-19T23:40:58.206+0000',
    modifiedDate: '2026-11-20T09:00:00.024+0000',
    promisedDate: null,
    channelGuid: null,
    diningOption: xref('dining-in', 'DiningOption'),
    checks: [fullCheck()],
    table: xref('table-12', 'Table'),
    serviceArea: xref('area-1', 'ServiceArea'),
    restaurantService: xref('service-dinner', 'RestaurantService'),
    revenueCenter: xref('center-1', 'RevenueCenter'),
    source: 'In Store',
    duration: 1742,
    deliveryInfo: null,
    requiredPrepTime: 'PT0S',
    estimatedFulfillmentDate: null,
    numberOfGuests: 2,
    voided: false,
    voidDate: null,
    voidBusinessDate: null,
    paidDate: '2026-11-20T00:10:00.000+0000',
    closedDate: '2026-11-20T09:00:00.024+0000',
    deletedDate: epoch,
    deleted: false,
    businessDate: 20261119,
    server: xref('employee-1', 'RestaurantUser'),
    pricingFeatures: ['TAXESV2', 'TAXESV3'],
    approvalStatus: 'APPROVED',
    createdDevice: { id: 'device-1' },
    createdDate: '2026-11-19T23:40:58.900+0000',
    lastModifiedDevice: { id: null },
    curbsidePickupInfo: null,
    createdInTestMode: false,
    appliedPackagingInfo: null,
    excessFood: false,
    displayNumber: '007',
    ...more,
  }
}

/** A takeout order that somebody brings. */
export function deliveredOrder(): Members {
  return order({
    guid: 'order-2',
    checks: null,
    pricingFeatures: null,
    promisedDate: '2026-11-20T00:30:00.000+0000',
    deliveryInfo: {
      address1: '12 Main Street',
      address2: null,
      city: 'Springfield',
      administrativeArea: null,
      state: 'MA',
      zipCode: '01101',
      country: 'US',
      latitude: 42.1015,
      longitude: -72.5898,
      notes: 'Ring twice',
      deliveredDate: null,
      dispatchedDate: '2026-11-20T00:12:00.000+0000',
      deliveryEmployee: xref('employee-3', 'RestaurantUser'),
      deliveryState: 'IN_PROGRESS',
    },
    curbsidePickupInfo: {
      guid: 'curb-1',
      entityType: 'CurbsidePickup',
      transportColor: 'red',
      transportDescription: 'pickup',
      notes: null,
    },
    appliedPackagingInfo: {
      guid: 'packaging-1',
      entityType: 'AppliedPackagingInfo',
      appliedPackagingItems: [
        {
          guid: 'cutlery-1',
          entityType: 'AppliedPackagingItem',
          itemConfigId: 'config-1',
          inclusion: 'YES',
          itemTypes: ['UTENSILS'],
          guestDisplayName: 'Utensils',
        },
      ],
    },
  })
}

const job = (): Members => ({
  ...xref('job-1', 'RestaurantJob'),
  createdDate: '2019-03-01T10:00:00.000+0000',
  modifiedDate: '2024-03-01T10:00:00.000+0000',
  deletedDate: epoch,
  deleted: false,
  title: 'Server',
  code: '007',
  wageFrequency: 'HOURLY',
  defaultWage: 15.5,
  tipped: true,
  excludeFromReporting: false,
})

export const employee = (): Members => ({
  ...xref('employee-1', 'RestaurantUser'),
  createdDate: '2019-03-01T10:00:00.000+0000',
  modifiedDate: '2024-03-01T10:00:00.000+0000',
  deleted: false,
  deletedDate: epoch,
  firstName: 'Ada',
  chosenName: null,
  lastName: 'Núñez',
  email: 'ada@example.test',
  phoneNumber: '0155501234',
  phoneNumberCountryCode: '+1',
  externalEmployeeId: '000123',
  jobReferences: [xref('job-1', 'RestaurantJob'), xref('job-2', 'RestaurantJob')],
  wageOverrides: [{ wage: 17.25, jobReference: xref('job-2', 'RestaurantJob') }],
  v2EmployeeGuid: 'person-1',
  disabled: false,
})

const shift = (): Members => ({
  ...xref('shift-1', 'Shift'),
  createdDate: '2026-11-01T10:00:00.000+0000',
  modifiedDate: '2026-11-02T10:00:00.000+0000',
  deletedDate: null,
  deleted: false,
  employeeReference: xref('employee-1', 'RestaurantUser'),
  jobReference: xref('job-1', 'RestaurantJob'),
  inDate: '2026-11-20T23:00:00.000+0000',
  outDate: '2026-11-21T07:00:00.000+0000',
  scheduleConfig: {
    guid: 'schedule-1',
    minBeforeClockIn: 15,
    minAfterClockIn: 15,
    minBeforeClockOut: 0.5,
    minAfterClockOut: 30,
  },
})

export const timeEntry = (): Members => ({
  ...xref('entry-1', 'TimeEntry'),
  createdDate: '2026-11-19T16:00:00.000+0000',
  modifiedDate: '2026-11-20T09:00:00.000+0000',
  deletedDate: null,
  deleted: false,
  jobReference: xref('job-1', 'RestaurantJob'),
  employeeReference: xref('employee-1', 'RestaurantUser'),
  shiftReference: 'shift-1',
  inDate: '2026-11-19T16:00:00.000+0000',
  outDate: '2026-11-20T00:30:00.000+0000',
  autoClockedOut: false,
  businessDate: '20261119',
  regularHours: 7.983333333333333,
  overtimeHours: 0,
  hourlyWage: 15.5,
  breaks: [
    {
      guid: 'break-1',
      breakType: ref('break-lunch', 'BreakType'),
      paid: false,
      inDate: '2026-11-19T19:00:00.000+0000',
      outDate: '2026-11-19T19:30:00.000+0000',
      missed: false,
      auditResponse: null,
    },
    { breakType: ref('break-rest', 'BreakType'), paid: true, missed: true, waived: false },
  ],
  declaredCashTips: 12,
  nonCashTips: 88.4,
  cashGratuityServiceCharges: 0,
  nonCashGratuityServiceCharges: 9.4,
  tipsWithheld: 2.65,
  nonCashSales: 610.2,
  cashSales: 84,
})

export const cashEntry = (): Members => ({
  ...ref('cash-1', 'CashEntry'),
  amount: -40,
  reason: 'Ice',
  date: '2026-11-20T01:12:00.000+0000',
  type: 'PAY_OUT',
  cashDrawer: ref('drawer-1', 'CashDrawer'),
  payoutReason: ref('payout-1', 'PayoutReason'),
  noSaleReason: null,
  undoes: null,
  employee1: xref('employee-1', 'RestaurantUser'),
  employee2: null,
  creatorOrShiftReviewSubject: ref('employee-1', 'RestaurantUser'),
  approverOrShiftReviewSubject: null,
})

const cashDeposit = (): Members => ({
  ...ref('deposit-1', 'DepositEntry'),
  amount: 512.35,
  date: '2026-11-20T14:00:00.000+0000',
  undoes: null,
  employee: xref('employee-2', 'RestaurantUser'),
  creator: ref('employee-2', 'RestaurantUser'),
})

export const restaurant = (): Members => ({
  restaurantGuid,
  managementGroupGuid: 'group-1',
  deleted: false,
  restaurantName: 'Café “Ñ”',
  locationName: 'Main Street',
  createdByEmailAddress: 'owner@example.test',
  externalGroupRef: null,
  externalRestaurantRef: '0012',
  modifiedDate: 1563392103206,
  createdDate: 1563392103206,
  isoModifiedDate: '2019-07-17T19:35:03.206Z',
  isoCreatedDate: '2019-07-17T19:35:03.206Z',
})

export const restaurantDetails = (): Members => ({
  guid: restaurantGuid,
  general: {
    name: 'Café “Ñ”',
    locationName: 'Main Street',
    locationCode: '001',
    description: null,
    timeZone: 'America/New_York',
    closeoutHour: 4,
    managementGroupGuid: 'group-1',
    currencyCode: 'USD',
    firstBusinessDate: 20190701,
    archived: false,
  },
  urls: { website: 'https://example.test', facebook: null, orderOnline: null },
  location: {
    address1: '1 Main Street',
    address2: null,
    city: 'Boston',
    stateCode: 'MA',
    administrativeArea: 'MA',
    zipCode: '02110',
    country: 'US',
    phone: '6175550100',
    phoneCountryCode: '1',
    latitude: 42.35,
    longitude: -71.05,
  },
  schedules: {
    daySchedules: {
      '100': {
        scheduleName: 'Weekday',
        services: [
          {
            name: 'Lunch',
            hours: { startTime: '11:00:00.000', endTime: '15:00:00.000' },
            overnight: false,
          },
          {
            name: 'Late',
            hours: { startTime: '17:00:00.000', endTime: '01:00:00.000' },
            overnight: true,
          },
        ],
        openTime: '11:00:00.000',
        closeTime: '01:00:00.000',
      },
    },
    weekSchedule: {
      monday: '100',
      tuesday: '100',
      wednesday: null,
      thursday: null,
      friday: null,
      saturday: null,
      sunday: '7',
    },
  },
  delivery: { enabled: true, minimum: 20, area: 'abc' },
  onlineOrdering: {
    enabled: true,
    scheduling: true,
    specialRequests: false,
    specialRequestsMessage: null,
    paymentOptions: {
      delivery: { cash: false, ccSameDay: true, ccFuture: true },
      takeout: { cash: true, ccSameDay: true, ccFuture: true, ccInStore: false },
      ccTip: true,
    },
  },
  prepTimes: {
    deliveryPrepTime: 40,
    deliveryTimeAfterOpen: 0,
    deliveryTimeBeforeClose: 30,
    takeoutPrepTime: 20,
    takeoutTimeAfterOpen: 0,
    takeoutTimeBeforeClose: 15,
    takeoutThrottlingTime: 5,
    deliveryThrottlingTime: 10,
  },
})

/** One entity per config resource, with every documented member. */
export const config: Record<string, () => Members> = {
  alternate_payment_types: () => ({ ...xref('alt-1', 'AlternatePaymentType'), name: 'Voucher' }),
  break_type: () => ({
    ...ref('break-lunch', 'BreakType'),
    name: 'Lunch',
    active: true,
    paid: false,
    duration: 30,
    enforceMinimumTime: true,
    trackMissedBreaks: true,
    breakIntervalHrs: 5,
    breakIntervalMins: null,
    trackBreakAcknowledgement: false,
  }),
  cash_drawer: () => ({
    ...ref('drawer-1', 'CashDrawer'),
    printer: ref('printer-1', 'Printer'),
  }),
  dining_option: () => ({
    ...xref('dining-in', 'DiningOption'),
    name: 'Dine in',
    behavior: 'DINE_IN',
    curbside: false,
  }),
  discounts: () => ({
    ...ref('discount-lunch', 'CustomDiscount'),
    name: 'Lunch',
    active: true,
    type: 'PERCENT',
    percentage: 0.125,
    amount: null,
    selectionType: 'CHECK',
    nonExclusive: false,
    itemPickingPriority: null,
    fixedTotal: null,
    promoCodes: [
      { ...ref('promo-1', 'PromoCode'), code: '0010', name: 'Ten', usageType: 'MULTI_USE' },
    ],
  }),
  menu: () => ({
    ...xref('menu-1', 'Menu'),
    name: 'All day',
    orderableOnline: 'YES',
    visibility: 'ALL',
    groups: [xref('group-mains', 'MenuGroup'), xref('group-drinks', 'MenuGroup')],
    images: [{ url: 'https://example.test/menu.png' }],
    unitOfMeasure: 'NONE',
  }),
  menu_group: () => ({
    ...xref('group-mains', 'MenuGroup'),
    name: 'Mains',
    menu: xref('menu-1', 'Menu'),
    orderableOnline: 'YES',
    visibility: 'ALL',
    parent: null,
    items: [xref('item-burger', 'MenuItem')],
    subgroups: [xref('group-specials', 'MenuGroup')],
    optionGroups: [xref('options-cheese', 'MenuOptionGroup')],
    inheritOptionGroups: true,
    images: [],
    unitOfMeasure: 'NONE',
    inheritUnitOfMeasure: false,
  }),
  menu_item: () => ({
    ...xref('item-burger', 'MenuItem'),
    name: 'Burger',
    calories: 740,
    sku: '000-1',
    plu: '0042',
    orderableOnline: 'YES',
    visibility: 'ALL',
    type: 'NONE',
    optionGroups: [xref('options-cheese', 'MenuOptionGroup')],
    inheritOptionGroups: true,
    images: null,
    unitOfMeasure: 'NONE',
    inheritUnitOfMeasure: true,
  }),
  menu_option_group: () => ({
    ...xref('options-cheese', 'MenuOptionGroup'),
    name: 'Cheese',
    options: [xref('item-cheddar', 'MenuItem')],
    minSelections: 0,
    maxSelections: null,
  }),
  no_sale_reason: () => ({ ...ref('no-sale-1', 'NoSaleReason'), name: 'Change' }),
  payout_reason: () => ({ ...ref('payout-1', 'PayoutReason'), name: 'Supplies' }),
  pre_modifier_group: () => ({
    ...ref('pre-group-1', 'PreModifierGroup'),
    name: 'Amounts',
    isDefault: true,
  }),
  pre_modifier: () => ({
    ...ref('pre-extra', 'PreModifier'),
    name: 'Extra',
    scalePrice: true,
    basePrice: 0.5,
    scaleFactor: 1.5,
    displayMode: 'PREFIX',
    parent: ref('pre-group-1', 'PreModifierGroup'),
    chargeAsExtra: true,
  }),
  price_group: () => ({ ...ref('price-1', 'PriceGroup'), name: 'Lunch prices' }),
  printer: () => ({ ...ref('printer-1', 'Printer'), name: 'Bar' }),
  restaurant_service: () => ({ ...ref('service-dinner', 'RestaurantService'), name: 'Dinner' }),
  revenue_center: () => ({
    ...ref('center-1', 'RevenueCenter'),
    name: 'Hall',
    description: 'The big room',
  }),
  sale_category: () => ({ ...ref('category-food', 'SalesCategory'), name: 'Food' }),
  service_area: () => ({
    ...ref('area-1', 'ServiceArea'),
    name: 'Terrace',
    revenueCenter: xref('center-1', 'RevenueCenter'),
  }),
  service_charge: () => ({
    ...xref('service-1', 'ServiceCharge'),
    name: 'Large party',
    amountType: 'PERCENT',
    amount: null,
    percent: 0.18,
    criteria: {
      minCheckAmount: 100,
      maxCheckAmount: null,
      minDeliveryDistance: null,
      delivery: false,
      takeout: false,
      dineIn: true,
    },
    gratuity: true,
    taxable: true,
    applicableTaxes: [
      {
        ...ref('rate-State', 'TaxRate'),
        name: 'State',
        isDefault: true,
        rate: 0.0625,
        type: 'PERCENT',
        roundingType: 'HALF_UP',
        taxTable: [],
        conditionalTaxRates: [],
      },
    ],
    serviceChargeCalculation: 'PRE_DISCOUNT',
    destination: 'SERVER',
    taxInclusive: false,
    taxProrated: false,
  }),
  tables: () => ({
    ...ref('table-12', 'Table'),
    name: '12',
    serviceArea: ref('area-1', 'ServiceArea'),
    revenueCenter: xref('center-1', 'RevenueCenter'),
  }),
  tax_rate: () => ({
    ...ref('rate-State', 'TaxRate'),
    name: 'State',
    isDefault: true,
    rate: 0.0625,
    type: 'TABLE',
    roundingType: 'HALF_UP',
    taxTable: [
      { start: 0, end: 0.1, tax: 0, pattern: false },
      { start: 0.11, end: 0.27, tax: 0.01, pattern: true },
    ],
    conditionalTaxRates: [{ condition: 'TAKE_OUT', rate: 0 }],
  }),
  tip_withholding: () => ({
    ...ref('tip-1', 'TipWithholding'),
    enabled: true,
    percentage: 0.03,
  }),
  void_reason: () => ({ ...ref('void-1', 'VoidReason'), name: 'Mistake' }),
}

const stockLevel = (): Members => ({
  guid: 'item-burger',
  multiLocationId: '100000000171238879',
  status: 'QUANTITY',
  quantity: 7,
  itemGuidValidity: 'VALID',
  versionId: 'version-1',
})

const prepStation = (): Members => ({
  ...ref('station-1', 'PrepStation'),
  name: 'Grill',
  connectedPrepStations: [ref('station-2', 'PrepStation')],
  printingMode: 'ON',
  includeWithExpediter: true,
  expoRouting: 'SEND_TO_EXPO',
  kitchenPrinter: null,
})

function publishedItem(guid: string, more: Members = {}): Members {
  return {
    name: 'Burger',
    kitchenName: 'BRG',
    guid,
    multiLocationId: '100000000171238879',
    masterId: 100000000171238,
    description: '',
    posName: '',
    posButtonColorLight: '#DCDCDC',
    posButtonColorDark: '#2B2B2B',
    image: null,
    images: [],
    visibility: ['POS', 'KIOSK'],
    price: 12.5,
    pricingStrategy: 'BASE_PRICE',
    pricingRules: null,
    isDeferred: false,
    isDiscountable: true,
    salesCategory: { name: 'Food', guid: 'category-food' },
    taxInfo: ['rate-State'],
    taxInclusion: 'TAX_NOT_INCLUDED',
    itemTags: [{ name: 'Vegan', guid: 'tag-1' }],
    plu: '0042',
    sku: '',
    calories: null,
    contentAdvisories: { alcohol: { containsAlcohol: 'NO' } },
    unitOfMeasure: 'NONE',
    portions: [],
    prepTime: 300,
    prepStations: ['station-1'],
    modifierGroupReferences: [1, 3],
    eligiblePaymentAssistancePrograms: [],
    guestCount: null,
    sortOrder: 2,
    ...more,
  }
}

function publishedGroup(guid: string, more: Members = {}): Members {
  return {
    name: 'Mains',
    guid,
    multiLocationId: '200000000171238879',
    description: '',
    posName: '',
    posButtonColorLight: '#DCDCDC',
    posButtonColorDark: '#2B2B2B',
    image: null,
    visibility: ['POS'],
    itemTags: [],
    menuGroups: [],
    menuItems: [],
    ...more,
  }
}

function publishedMenu(guid: string, menuGroups: Members[]): Members {
  return {
    name: 'All day',
    guid,
    multiLocationId: '300000000171238879',
    description: '',
    posName: '',
    posButtonColorLight: '#DCDCDC',
    posButtonColorDark: '#2B2B2B',
    highResImage: null,
    image: null,
    visibility: ['POS'],
    availability: {
      alwaysAvailable: false,
      schedule: [{ days: ['MONDAY'], timeRanges: [{ start: '11:00', end: '15:00' }] }],
    },
    menuGroups,
  }
}

/** One item under two menus at two prices; a group of modifiers whose option is the item again. */
export const publishedMenus = (): Members => ({
  restaurantGuid,
  lastUpdated: '2026-11-18T12:00:00.000+0000',
  restaurantTimeZone: 'America/New_York',
  menus: [
    publishedMenu('menu-1', [
      publishedGroup('group-mains', {
        itemTags: [{ name: 'Hot', guid: 'tag-2' }],
        menuItems: [publishedItem('item-burger')],
        menuGroups: [publishedGroup('group-specials', { menuItems: null })],
      }),
    ]),
    publishedMenu('menu-2', [
      publishedGroup('group-mains', {
        menuItems: [
          publishedItem('item-burger', {
            price: 10,
            pricingStrategy: 'TIME_SPECIFIC_PRICE',
            modifierGroupReferences: [2],
            portions: [
              {
                name: 'Half',
                guid: 'portion-1',
                modifierGroupReferences: [1],
                priceScaleFactor: 0.5,
              },
            ],
            pricingRules: {
              timeSpecificPricingRules: [
                {
                  timeSpecificPrice: 9,
                  basePrice: 10,
                  schedule: [{ days: ['FRIDAY'], timeRanges: [] }],
                },
              ],
              sizeSpecificPricingGuid: 'size-1',
              sizeSequencePricingRules: [
                {
                  sizeName: 'Large',
                  sizeGuid: 'size-1',
                  sequencePrices: [{ sequence: 1, price: 2 }],
                },
              ],
            },
          }),
        ],
      }),
    ]),
  ],
  modifierGroupReferences: {
    '1': modifierGroup(1, 'options-cheese', [7]),
    '2': modifierGroup(2, 'options-cheese', [7, 8]),
  },
  modifierOptionReferences: {
    '7': modifierOption(7, 'item-burger', [1]),
    '8': modifierOption(8, 'item-cheddar', []),
  },
  preModifierGroupReferences: {
    '5': {
      referenceId: 5,
      name: 'Amounts',
      guid: 'pre-group-1',
      multiLocationId: '400000000171238879',
      preModifiers: [
        {
          name: 'Extra',
          guid: 'pre-extra',
          multiLocationId: '500000000171238879',
          fixedPrice: null,
          multiplicationFactor: 1.5,
          displayMode: 'PREFIX',
          posName: '',
          posButtonColorLight: '',
          posButtonColorDark: '',
          chargeAsExtra: true,
          plu: '01',
        },
      ],
    },
  },
})

function modifierGroup(referenceId: number, guid: string, options: number[]): Members {
  return {
    referenceId,
    name: 'Cheese',
    guid,
    multiLocationId: '600000000171238879',
    posName: '',
    posButtonColorLight: '',
    posButtonColorDark: '',
    visibility: ['POS'],
    pricingStrategy: 'NONE',
    pricingRules: null,
    defaultOptionsChargePrice: 'NO',
    defaultOptionsSubstitutionPricing: 'NO',
    minSelections: 0,
    maxSelections: null,
    requiredMode: 'OPTIONAL',
    isMultiSelect: true,
    preModifierGroupReference: 5,
    modifierOptionReferences: options,
  }
}

function modifierOption(referenceId: number, guid: string, groups: number[]): Members {
  const { isDeferred, isDiscountable, taxInclusion, ...item } = publishedItem(guid)
  const { eligiblePaymentAssistancePrograms, ...option } = item
  return {
    ...option,
    referenceId,
    price: 1,
    pricingStrategy: 'GROUP_PRICE',
    itemTags: [],
    isDefault: false,
    allowsDuplicates: true,
    modifierOptionTaxInfo: { taxRateGuids: ['rate-State'], overrideItemTaxRates: false },
    modifierGroupReferences: groups,
  }
}

/** A payload for every kind of record. */
export const payloads: Record<string, () => Members> = {
  restaurant,
  restaurant_details: restaurantDetails,
  job,
  employee,
  shift,
  time_entry: timeEntry,
  cash_entry: cashEntry,
  cash_deposit: cashDeposit,
  ...config,
  orders: () => order(),
  published_menus: publishedMenus,
  stock_level: stockLevel,
  prep_station: prepStation,
}
