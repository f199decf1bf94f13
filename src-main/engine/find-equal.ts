import { cachingVerdict, type CacheChoice, type CachingRules } from '#shared/process/caching-rules.ts';
import type { ProcessSpec } from '#shared/process/ports.ts';
import type { EngineReads, NodeRecord } from './ports.ts';

/** Whether a launch looks for an equal calculation that has ended. Workflows run, and their steps look. */
export function looksForEqual(spec: ProcessSpec, choice: CacheChoice, rules: CachingRules | null): boolean {
  if (spec.kind === 'workflow' || choice === 'no') return false;
  return choice === 'yes' || (rules !== null && cachingVerdict(rules, spec.processType).use);
}

/**
 * Whether what a calculation ended with may stand for a run of its own. AiiDA takes any exit status that does not say
 * otherwise; here a failure is taken only where the plugin says that it may be, because most are of the moment.
 */
export function mayBeTaken(spec: Pick<ProcessSpec, 'exitCodes'>, exitStatus: unknown): boolean {
  if (exitStatus === 0) return true;
  return spec.exitCodes.some(
    ({ status, invalidatesCache }) => status === exitStatus && invalidatesCache === false,
  );
}

/** The oldest calculation with this hash whose outputs may be taken; null where there is none. */
export function findEqual(reads: EngineReads, spec: ProcessSpec, hash: string): NodeRecord | null {
  const wanted = [0, ...spec.exitCodes.map(({ status }) => status)].filter((status) =>
    mayBeTaken(spec, status),
  );
  for (const node of reads.equalCalculations(hash, spec.processType, wanted)) {
    const { exit_status: exitStatus } = JSON.parse(node.attributes) as { readonly exit_status?: unknown };
    if (mayBeTaken(spec, exitStatus)) return node;
  }
  return null;
}
