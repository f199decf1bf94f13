import type { LaunchRequest } from '#shared/contract/areas/launch.ts';
import { ensure } from '#shared/base/assert.ts';
import { parseUuid } from '#shared/provenance/ids.ts';
import { NodeType } from '#shared/provenance/node-types.ts';
import type { Resume } from '../engine/reuse.ts';
import type { LaunchDeps } from './deps.ts';

/** Only for a request that resumes. @throws Error where it does not; a defect of ours */
export function resumeOf(request: LaunchRequest): Resume {
  const { from, again } = ensure(request.resume, 'what is resumed');
  return { from: parseUuid(from), again };
}

/** Why a run cannot be resumed by this request, in a sentence; null where it can. */
export function resumeIssue({ deps, engine }: LaunchDeps, request: LaunchRequest): string | null {
  const { from } = resumeOf(request);
  const spec = deps.plugins.specs().find(({ id }) => id === request.plugin);
  return deps.store.read((reads) => {
    const run = reads.nodeByUuid(from);
    if (run === null) return `There is no process ${from} here.`;
    if (run.nodeType !== NodeType.workChain) return 'Only a workflow can be resumed.';
    if (run.processType !== spec?.processType) {
      return `The run to resume is of ${run.processType ?? 'another process'}, not of ${request.plugin}.`;
    }
    const state = engine.state(from);
    const isStuck = state?.kind === 'workflow' && state.changed !== null;
    if (!run.sealed && !isStuck) return 'It has not ended: wait for it, or kill it first.';
    const called = reads.outgoing(run.id).some(({ type }) => type === 'call_calc' || type === 'call_work');
    if (called && reads.steps(run.id).length === 0) {
      return 'Its steps were not recorded here: it came with an archive. Launch it again; caching can take over what is equal.';
    }
    return null;
  });
}
