import type { ProcessDetail } from '#shared/contract/areas/processes.ts';
import { isActive } from '#renderer/model/bulk.ts';

export type ProcessTab =
  | 'iterations'
  | 'called'
  | 'inputs'
  | 'outputs'
  | 'files'
  | 'code'
  | 'live'
  | 'plot'
  | 'rules'
  | 'log'
  | 'scheduler'
  | 'cache';

/** Steps that a resumed run took over instead of calling them. */
const reusedOf = ({ resumed }: ProcessDetail): readonly unknown[] =>
  resumed?.steps.filter(({ reused }) => reused) ?? [];

/**
 * The tabs of a process, in their order, with how much is behind each.
 * @param isHere in the profile: an archive that is only read has no cache
 */
export function tabsOf(
  detail: ProcessDetail,
  isHere = true,
): readonly { readonly value: ProcessTab; readonly label: string; readonly count?: number }[] {
  const isWorkflow = detail.row.kind === 'workflow';
  const isJob = detail.row.kind === 'calculation-job';
  const runs = isJob && isActive(detail.row.state) && detail.row.activity.step === 'run';
  return [
    ...(detail.iterations.length > 0
      ? [{ value: 'iterations', label: 'Iterations', count: detail.iterations.length } as const]
      : []),
    ...(isWorkflow
      ? [{ value: 'called', label: 'Called', count: detail.called.length + reusedOf(detail).length } as const]
      : []),
    { value: 'inputs', label: 'Inputs', count: detail.inputs.length },
    { value: 'outputs', label: 'Outputs', count: detail.outputs.length },
    { value: 'files', label: 'Files' },
    ...(isWorkflow ? [{ value: 'code', label: 'Code' } as const] : []),
    ...(runs ? [{ value: 'live', label: 'Live output' } as const] : []),
    ...(isJob && !isActive(detail.row.state) && hasRetrieved(detail)
      ? [{ value: 'plot', label: 'Plot' } as const]
      : []),
    ...(detail.can.setRules || detail.rules.length > 0
      ? [{ value: 'rules', label: 'Stop rules', count: detail.rules.length } as const]
      : []),
    { value: 'log', label: 'Log', count: detail.log.length },
    ...(isJob ? [{ value: 'scheduler', label: 'Scheduler' } as const] : []),
    ...(isHere && !isWorkflow ? [{ value: 'cache', label: 'Cache' } as const] : []),
  ];
}

const hasRetrieved = (detail: ProcessDetail): boolean =>
  detail.outputs.some(({ label }) => label === 'retrieved');

/** What a person most likely came for. */
export function firstTab(detail: ProcessDetail): ProcessTab {
  const { row, called, outputs, log } = detail;
  if (detail.iterations.length > 0) return 'iterations';
  if (row.kind === 'workflow' && called.length + reusedOf(detail).length > 0) return 'called';
  if (row.activity.step === 'run') return 'live';
  if (row.state === 'failed' || row.state === 'excepted') return log.length > 0 ? 'log' : 'files';
  return outputs.length > 0 ? 'outputs' : 'inputs';
}
