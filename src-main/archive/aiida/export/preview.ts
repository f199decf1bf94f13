import type { ExportPreview, ExportSelection } from '#shared/contract/areas/sharing.ts';
import { wordsOfRule } from '../../../provenance/rule-words.ts';
import type { ExportClosure, SourceCounts } from '../../../provenance/read-api.ts';

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
      .map(({ rule, nodes, examples }) => ({
        rule,
        words: wordsOfRule(rule),
        nodes,
        examples: [...examples],
      }))
      .toSorted((a, b) => b.nodes - a.nodes),
    byType: closure.byType.toSorted((a, b) => b.nodes - a.nodes),
    unsealed: [...closure.unsealed],
  };
}
