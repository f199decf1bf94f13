import type { LegacyRole, Step } from '../step.ts';

/**
 * Links get types, which follow from what they link. (0.1 to 0.2 only renamed the tables of `data.json`, and so did this
 * step: see entity-names.ts.) AiiDA 1 did not know workflow functions here and left their links `unspecified`, which no
 * later AiiDA reads; here they are workflows.
 */
export const v02ToV03: Step = {
  from: '0.2',
  link: (link, source, target) => ({ ...link, type: linkType(source, target) }),
};

function linkType(source: LegacyRole, target: LegacyRole): string {
  const toProcess = target === 'calculation' || target === 'workflow';
  if (source === 'data' && toProcess) return 'inputlink';
  if (source === 'calculation' && target === 'data') return 'createlink';
  if (source === 'workflow' && target === 'data') return 'returnlink';
  if (source === 'workflow' && toProcess) return 'calllink';
  return 'unspecified';
}
