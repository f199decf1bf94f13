import type { ExportPreview, ExportSelection } from '#shared/contract/areas/sharing.ts';
import type { TraversalRule } from '#shared/provenance/traversal-rules.ts';
import type { ExportClosure, SourceCounts } from '../../../provenance/read-api.ts';

/** Why nodes come along, in words. */
const ruleWords: Readonly<Record<'chosen' | TraversalRule, string>> = {
  chosen: 'chosen',
  input_calc_forward: 'calculations that used it',
  input_calc_backward: 'inputs of calculations',
  create_forward: 'outputs of calculations',
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

const wordsOf = (rule: string): string => (ruleWords as Readonly<Record<string, string>>)[rule] ?? rule;

/**
 * What an export would take, from what its closure found. A whole profile takes all groups, users and computers along.
 * @param size bytes of all files together, and what of them was purged
 */
export function exportPreview(
  selection: ExportSelection,
  closure: ExportClosure,
  profile: SourceCounts,
  size: Pick<ExportPreview, 'bytes' | 'purged'>,
): ExportPreview {
  const all = selection.what.kind === 'all';
  return {
    nodes: closure.ids.length,
    links: closure.links,
    files: closure.objects.length / 32,
    ...size,
    groups: all ? profile.groups : selection.what.kind === 'group' ? 1 : 0,
    computers: all ? profile.computers : closure.computers,
    users: all ? profile.users : closure.users,
    logs: selection.logs ? closure.logs : 0,
    comments: selection.comments ? closure.comments : 0,
    byRule: closure.byRule
      .map(({ rule, nodes, examples }) => ({ rule, words: wordsOf(rule), nodes, examples: [...examples] }))
      .toSorted((a, b) => b.nodes - a.nodes),
    byType: closure.byType.toSorted((a, b) => b.nodes - a.nodes),
    unsealed: [...closure.unsealed],
  };
}
