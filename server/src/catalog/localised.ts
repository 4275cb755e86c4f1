import type { Translation } from '@regulars/contract/wire/offers'

/** One text in English and in the languages it was translated to, by lower-case tag. */
export type Texts = { english: string; translations: ReadonlyMap<string, string> }

export function textsFrom(
  english: string | null | undefined,
  translations: readonly Translation[] | undefined,
): Texts {
  return {
    english: english ?? '',
    translations: new Map(
      (translations ?? []).map((one) => [one.language.toLowerCase(), one.translation]),
    ),
  }
}

/** The text in the first language of an Accept-Language header that it has; else in English. */
export function localised(texts: Texts, acceptLanguage: string | null): string {
  return translated(texts, acceptLanguage) ?? texts.english
}

/**
 * The same for a subscription's texts, which have no value in a language they were not translated
 * to, as published. Null is that.
 */
export function localisedSubscription(texts: Texts, acceptLanguage: string | null): string | null {
  return translated(texts, acceptLanguage)
}

function translated(texts: Texts, acceptLanguage: string | null): string | null {
  const preferred = preferredLanguages(acceptLanguage)
  if (preferred.length === 0) return texts.english
  for (const language of preferred) {
    const [primary = ''] = language.split('-')
    const found = texts.translations.get(language) ?? texts.translations.get(primary)
    if (found !== undefined) return found
    if (primary === 'en' || language === '*') return texts.english
  }
  return null
}

/** `es-US,es;q=0.9` as lower-case tags, dearest first; equal weights keep their order. */
function preferredLanguages(acceptLanguage: string | null): string[] {
  return (acceptLanguage ?? '')
    .split(',')
    .map((part) => {
      const [tag = '', ...parameters] = part.split(';').map((piece) => piece.trim().toLowerCase())
      const weight = parameters.find((parameter) => parameter.startsWith('q='))
      return { tag, weight: weight === undefined ? 1 : Number(weight.slice(2)) }
    })
    .filter(({ tag, weight }) => tag !== '' && weight > 0)
    .sort((one, other) => other.weight - one.weight)
    .map(({ tag }) => tag)
}
