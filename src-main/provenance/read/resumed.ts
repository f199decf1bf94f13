import type { ResumedRun } from '#shared/contract/areas/processes.ts';
import { nodeRefById } from './refs.ts';
import type { ReadSession } from './session.ts';

/** More than anyone looks at. */
const mostSteps = 1000;

interface StepRow {
  readonly label: string;
  readonly child: number;
  readonly why: string | null;
  readonly again: string | null;
}

/** What a resumed run took over, and why not the rest; null for a run that resumes none. */
export function resumedRun(session: ReadSession, id: number, attributes: string): ResumedRun | null {
  const { resumed_from: from, reused_steps: listed } = JSON.parse(attributes) as {
    readonly resumed_from?: unknown;
    readonly reused_steps?: unknown;
  };
  if (typeof from !== 'string') return null;
  const idOf = (uuid: string): number =>
    session.value<number>('SELECT id FROM nodes WHERE uuid = ?', uuid) ?? -1;
  const rows = session.all<StepRow>(
    `SELECT label, json_extract(record, '$.child') AS child, json_extract(record, '$.reused.why') AS why,
       json_extract(record, '$.again') AS again
     FROM workflow_steps WHERE process_id = ? AND json_extract(record, '$.kind') = 'call'
     ORDER BY coalesce(json_extract(record, '$.order'), 1e9) LIMIT ?`,
    id,
    mostSteps,
  );
  const steps = rows.map(({ label, child, why, again }) => ({
    label,
    reused: why !== null,
    why: why ?? again ?? '',
    node: nodeRefById(session, child),
  }));
  return {
    from,
    run: nodeRefById(session, idOf(from)),
    // an archive has no records of steps, but the run itself names what it took over
    steps:
      steps.length > 0
        ? steps
        : fromAttribute(listed).map(({ label, process }) => ({
            label,
            reused: true,
            why: '',
            node: nodeRefById(session, idOf(process)),
          })),
  };
}

function fromAttribute(listed: unknown): { readonly label: string; readonly process: string }[] {
  if (!Array.isArray(listed)) return [];
  return listed.slice(0, mostSteps).filter((item): item is { label: string; process: string } => {
    const { label, process } = (item ?? {}) as { label?: unknown; process?: unknown };
    return typeof label === 'string' && typeof process === 'string';
  });
}
