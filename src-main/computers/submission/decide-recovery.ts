import type { JobFacts } from '../../engine/ports.ts';
import type { FoundJob, Submission } from '../schedulers/scheduler.ts';
import type { SubmitFacts } from './facts.ts';

/** What a look for the attempt's name in queue and accounting gave. */
export type LookUpState =
  | { readonly kind: 'not-asked' }
  /** The scheduler could not be asked, or not for all of it. */
  | { readonly kind: 'unavailable'; readonly message: string }
  /** `emptyForMs`: so long ago a complete look found nothing for the first time. `forgets`: see `LookUp`. */
  | {
      readonly kind: 'complete';
      readonly jobs: readonly FoundJob[];
      readonly forgets: string | null;
      readonly emptyForMs: number;
    };

/** What was found of an attempt that may have been submitted. */
export interface RecoveryFacts extends SubmitFacts {
  /** What the submit command said, read by the scheduler; null where it did not end. */
  readonly said: Submission | null;
  readonly lookUp: LookUpState;
  /** The fence holds the note of a revoked attempt. */
  readonly revoked: boolean;
  /** It is certain that no submission of the attempt was begun before this look. */
  readonly untried: boolean;
}

/** What to do with it; only `submit` and `submit-again` submit. */
export type Recovery =
  /** It was surely never begun: submit. */
  | { readonly kind: 'submit' }
  /** It was surely refused and may be tried again in the same place. */
  | { readonly kind: 'submit-again'; readonly why: Submission }
  | { readonly kind: 'adopt'; readonly jobId: string; readonly cancel: readonly string[] }
  | { readonly kind: 'refused'; readonly message: string; readonly account: boolean }
  /** Not known yet: ask again later. */
  | { readonly kind: 'wait'; readonly message: string }
  | { readonly kind: 'look-up' }
  /** Nothing was found, twice: make sure that it never runs. */
  | { readonly kind: 'revoke' }
  /** It may have run and ended without a trace: nobody who would remember is left. */
  | { readonly kind: 'vanished'; readonly message: string }
  | { readonly kind: 'void'; readonly message: string };

/** A submit command that takes longer has died, whatever its process number says. */
const wrapperLifeSeconds = 900;

const isOver = (facts: JobFacts): boolean => facts.state === 'done';

/**
 * What to do about an attempt that may or may not have been submitted. Pure: every row of the table has a test. No row
 * leads from doubt to a second submission: an attempt ends as `void` only when its fence was claimed for nobody, or
 * when its directory is gone, without which its job cannot start, and it has not started before: because no submission
 * was begun, or because accounting, which surely would remember its job, does not have one.
 *
 * @param lookUpMs between two looks that find nothing, see `Patience`
 */
export function decideRecovery(facts: RecoveryFacts, lookUpMs: number): Recovery {
  const { submission, said } = facts;
  if (facts.revoked)
    return { kind: 'void', message: 'The submission was lost, and the attempt was revoked.' };
  // a job that holds the fence runs or has run, whatever else is known
  if (facts.fence !== null && facts.fence !== '')
    return { kind: 'adopt', jobId: withCluster(facts.fence, said), cancel: [] };
  if (said?.kind === 'accepted') return { kind: 'adopt', jobId: said.jobId, cancel: [] };
  if (submission === null && facts.directory) return { kind: 'submit' };
  if (submission === null && facts.untried)
    return { kind: 'void', message: 'The work directory was gone before anything was submitted from it.' };
  if (said !== null && said.kind !== 'ambiguous') {
    return said.kind === 'refused' ? said : { kind: 'submit-again', why: said };
  }
  if (submission?.wrapper === 'alive' && (submission.ageSeconds ?? Infinity) < wrapperLifeSeconds) {
    return { kind: 'wait', message: 'The submission is still under way on the computer.' };
  }
  return afterLookUp(facts, lookUpMs);
}

/**
 * A job knows its number alone, and the receipt also the cluster that took it (`123;daint`), without which it would be
 * looked for where it never was.
 */
function withCluster(number: string, said: Submission | null): string {
  const cluster = said?.kind === 'accepted' ? said.jobId.split(';')[1] : undefined;
  return cluster === undefined ? number : `${number};${cluster}`;
}

function afterLookUp({ lookUp, directory }: RecoveryFacts, lookUpMs: number): Recovery {
  switch (lookUp.kind) {
    case 'not-asked':
      return { kind: 'look-up' };
    case 'unavailable':
      return {
        kind: 'wait',
        message: `It is not known whether the job was accepted, and the scheduler cannot be asked: ${lookUp.message}`,
      };
    case 'complete': {
      const [first, ...others] = lookUp.jobs.toSorted(byLife);
      if (first !== undefined) {
        // none holds the fence yet: the others would end at it, and need not wait in the queue for that
        const cancel = others
          .filter(({ facts }) => facts.state.startsWith('queued'))
          .map(({ jobId }) => jobId);
        return { kind: 'adopt', jobId: first.jobId, cancel };
      }
      if (lookUp.emptyForMs < lookUpMs) {
        return {
          kind: 'wait',
          message:
            'The reply to the submission was lost. The job is not in the queue; it is looked for once more.',
        };
      }
      if (directory) return { kind: 'revoke' };
      if (lookUp.forgets === null)
        return {
          kind: 'void',
          message: 'The work directory is gone, and neither queue nor accounting has a job of it.',
        };
      return {
        kind: 'vanished',
        message: `The work directory is gone, and with it every sign of whether the job was submitted, or has run: ${lookUp.forgets}.`,
      };
    }
  }
}

/** Those that run before those that wait before those that have ended; then the oldest. */
function byLife(a: FoundJob, b: FoundJob): number {
  const rank = ({ facts }: FoundJob): number =>
    isOver(facts) ? 2 : facts.state.startsWith('queued') ? 1 : 0;
  return rank(a) - rank(b) || Number.parseInt(a.jobId, 10) - Number.parseInt(b.jobId, 10);
}
