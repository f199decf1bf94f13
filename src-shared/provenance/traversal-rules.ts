import type { LinkType } from './links.ts';

/** For each link type, whether a closure follows it from source to target (forward) or back. */
export type TraversalRules = Readonly<Record<TraversalRule, boolean>>;

export type TraversalRule = `${LinkType}_${'forward' | 'backward'}`;

/** Export as AiiDA does it when no switch is touched (aiida-core 2.9, `common/links.py`, `GraphTraversalRules.EXPORT`). */
export const exportRules: TraversalRules = {
  input_calc_forward: false,
  input_calc_backward: true,
  create_forward: true,
  create_backward: true,
  return_forward: true,
  return_backward: false,
  input_work_forward: false,
  input_work_backward: true,
  call_calc_forward: true,
  call_calc_backward: true,
  call_work_forward: true,
  call_work_backward: true,
};

/** The export switches that a person may turn; the others would tear provenance apart. */
export const exportSwitches = [
  'input_calc_forward',
  'create_backward',
  'return_backward',
  'input_work_forward',
  'call_calc_backward',
  'call_work_backward',
] as const satisfies readonly TraversalRule[];

export type ExportSwitch = (typeof exportSwitches)[number];

/**
 * Deletion as AiiDA does it when no switch is touched (aiida-core 2.9, `GraphTraversalRules.DELETE`): what was made from
 * a node goes with it, and whoever made or called it.
 */
export const deleteRules: TraversalRules = {
  input_calc_forward: true,
  input_calc_backward: false,
  create_forward: true,
  create_backward: true,
  return_forward: false,
  return_backward: true,
  input_work_forward: true,
  input_work_backward: false,
  call_calc_forward: true,
  call_calc_backward: true,
  call_work_forward: true,
  call_work_backward: true,
};

/** The switches of a deletion that a person may turn off: what a process made or called then stays. */
export const deleteSwitches = [
  'create_forward',
  'call_calc_forward',
  'call_work_forward',
] as const satisfies readonly TraversalRule[];

export type DeleteSwitch = (typeof deleteSwitches)[number];
