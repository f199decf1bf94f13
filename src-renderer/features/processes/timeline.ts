import type { ProcessStep } from '#shared/contract/areas/processes.ts';

/** A step with its place on the time from the first beginning to the last end, both from 0 to 1. */
export interface TimelineRow {
  readonly step: ProcessStep;
  readonly from: number;
  readonly to: number;
}

/** Where each step's bar begins and ends. Steps that have not begun have an empty bar at the end. */
export function timelineRows(steps: readonly ProcessStep[], now: number): readonly TimelineRow[] {
  const starts = steps.flatMap(({ started }) => started ?? []);
  const first = Math.min(...starts);
  const last = Math.max(
    ...steps.map(({ started, ended }) => (started === null ? -Infinity : (ended ?? now))),
  );
  const span = Math.max(1, last - first);
  return steps.map((step) => {
    if (step.started === null) return { step, from: 1, to: 1 };
    return {
      step,
      from: (step.started - first) / span,
      to: Math.min(1, ((step.ended ?? now) - first) / span),
    };
  });
}
