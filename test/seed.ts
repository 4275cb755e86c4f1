import fc from 'fast-check'

/**
 * What generated data is made from: the same in every run, so that a run that passed passes again.
 * REGULARS_SEED takes another number, or `clock` for one that is new each time, as the soaks do.
 */
export const seed = seedFrom(process.env.REGULARS_SEED ?? '20261120')

fc.configureGlobal({ seed })

function seedFrom(text: string): number {
  const number = text === 'clock' ? Date.now() % 2 ** 31 : Number(text)
  if (!Number.isInteger(number)) throw new Error(`REGULARS_SEED is ${text}: send a number or clock`)
  return number
}
