/** The guides whose commands run against the stand-in for Toast, and not against a counter. */
export const dataGuides: readonly string[] = [
  'docs/guides/analyst.md',
  'docs/guides/moving.md',
  'docs/guides/warehouse.md',
]
