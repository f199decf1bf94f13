import { figureText } from '../arrays/array-shape.ts';

/** `Step 3 of 20 · number 30 · 0.06 ps` */
export function stepWords(
  step: number,
  count: number,
  labels: { readonly steps: Float64Array | null; readonly times: Float64Array | null },
): string {
  const number = labels.steps?.[step];
  const time = labels.times?.[step];
  return [
    `Step ${step + 1} of ${count}`,
    ...(number === undefined || number === step || number === step + 1 ? [] : [`number ${number}`]),
    ...(time === undefined ? [] : [`${figureText(time)} ps`]),
  ].join(' · ');
}
