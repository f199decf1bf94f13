import type { TraversalRule } from '#shared/provenance/traversal-rules.ts';

/** Why a rule takes nodes along with others, in words. */
const ruleWords: Readonly<Record<'chosen' | TraversalRule, string>> = {
  chosen: 'chosen',
  input_calc_forward: 'calculations that used it',
  input_calc_backward: 'inputs of calculations',
  create_forward: 'what calculations made',
  create_backward: 'calculations that made it',
  return_forward: 'what workflows returned',
  return_backward: 'workflows that returned it',
  input_work_forward: 'workflows that used it',
  input_work_backward: 'inputs of workflows',
  call_calc_forward: 'calculations that workflows called',
  call_calc_backward: 'workflows that called a calculation',
  call_work_forward: 'workflows that workflows called',
  call_work_backward: 'workflows that called a workflow',
};

/** Why nodes come along or go along; a rule of a newer version, which has no words here, is named as it is. */
export const wordsOfRule = (rule: string): string =>
  (ruleWords as Readonly<Record<string, string>>)[rule] ?? rule;
