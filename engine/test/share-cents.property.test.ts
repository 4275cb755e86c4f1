import fc from 'fast-check'
import { expect, test } from 'vitest'
import { asRatio, type ExactCents } from '../src/ratio.ts'
import { shareCents } from '../src/share-cents.ts'
import { propertyRuns } from './generated-baskets.ts'

const wholeWeight = fc.oneof(fc.constant(0), fc.nat(5000), fc.nat(100_000_000_000))
const fraction = fc
  .tuple(fc.nat(100_000), fc.integer({ min: 1, max: 977 }))
  .map(([top, bottom]) => ({ numerator: BigInt(top), denominator: BigInt(bottom) }))
const weights = fc
  .array<ExactCents>(fc.oneof(wholeWeight, wholeWeight, fraction), { minLength: 1, maxLength: 12 })
  .filter((all) => all.some((weight) => asRatio(weight).numerator > 0n))

test('shares add up, and each is within a cent of what is exact', () => {
  fc.assert(
    fc.property(fc.nat(10_000_000), weights, (total, all) => {
      const shares = shareCents(total, all)
      expect(shares.reduce((sum, share) => sum + share, 0)).toBe(total)
      const ratios = all.map(asRatio)
      const common = ratios.reduce((product, { denominator }) => product * denominator, 1n)
      const scaled = ratios.map((ratio) => (ratio.numerator * common) / ratio.denominator)
      const sum = scaled.reduce((left, right) => left + right, 0n)
      shares.forEach((share, place) => {
        const exact = BigInt(total) * (scaled[place] ?? 0n)
        const away = BigInt(share) * sum - exact
        expect(away < sum && away > -sum).toBe(true)
        if (scaled[place] === 0n) expect(share).toBe(0)
      })
    }),
    { numRuns: propertyRuns },
  )
})

test('whole weights give the same shares as fractions of them', () => {
  fc.assert(
    fc.property(fc.nat(100_000), fc.array(fc.nat(5000), { minLength: 1 }), (total, all) => {
      fc.pre(all.some((weight) => weight > 0))
      const fractions = all.map((weight) => ({ numerator: BigInt(weight), denominator: 7n }))
      expect(shareCents(total, fractions)).toEqual(shareCents(total, all))
    }),
    { numRuns: Math.ceil(propertyRuns / 5) },
  )
})

test('of equal remainders the earliest gets the cent', () => {
  expect(shareCents(1000, [2000, 2000, 2000])).toEqual([334, 333, 333])
})
