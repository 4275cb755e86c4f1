import type { BasketItem, Change, Evaluation, TraceStep } from '@regulars/engine'

/** Why each item was granted or refused, as `Prefer: explain` sends it and as it is kept. */
export function explanationOf(evaluation: Evaluation, changes: readonly Change[] | null) {
  return {
    items: [
      ...evaluation.success.map((granted) => ({
        ...itemOf(granted.item),
        outcome: 'granted' as const,
        nearest_miss: null,
        steps: stepsOf(granted.trace),
      })),
      ...evaluation.failures.map((failed) => ({
        ...itemOf(failed.item),
        outcome: 'refused' as const,
        code: failed.code,
        nearest_miss: failed.nearestMiss,
        steps: stepsOf(failed.trace),
      })),
      ...evaluation.withheld.map((withheld) => ({
        ...itemOf(withheld.item),
        outcome: 'refused' as const,
        code: 'withheld',
        nearest_miss: null,
        steps: stepsOf(withheld.trace),
      })),
    ],
    ...(changes === null ? {} : { changed_since_query: changes.map(changeOf) }),
  }
}

function itemOf(item: BasketItem) {
  return {
    discount_basket_item_id: item.basketItemId,
    discount_type: item.discountType,
    discount_id: item.discountId,
  }
}

function stepsOf(trace: readonly TraceStep[]) {
  return trace.map(({ step, text, facts }) => ({ step, text, facts: { ...facts } }))
}

function changeOf(change: Change) {
  return {
    line: change.line,
    attribute: change.attribute,
    at_query: change.from,
    at_commit: change.to,
  }
}
