/** What a body holds; undefined when it is no JSON, such as one that was cut short. */
export function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
