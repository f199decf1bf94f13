/** The words of a person for every way in which a process waits: for what, since when, until when, what can be done. */
import { assertNever } from '#shared/base/assert.ts';
import { formatLocal } from '#shared/base/time.ts';
import type { Explanation, LinkEnd } from '#shared/contract/areas/processes.ts';
import type { JobLook } from '../../computers/computer-runtime.ts';
import type { RunState } from '../../engine/state.ts';
import { waitOf, type Surroundings, type Wait } from './waits.ts';
import { jobFacts, lastsSince, nextLook, plain, stepsDone, type Of } from './words/pieces.ts';
import { codeChanged, question, questionBelow, waitsForChildren } from './words/of-workflow.ts';
import {
  heldBySite,
  waitsForPlace,
  waitsForTurn,
  computerPaused,
  computerNeedsYou,
  computerUnreachable,
  lookFailed,
} from './words/of-computer.ts';
import { withScheduler } from './words/of-scheduler.ts';
import { lostJob, unaccounted, unconfirmed, vanished } from './words/of-doubt.ts';
import { engineTrouble, troubled, diskShort } from './words/of-trouble.ts';
import { pausedByPerson, beingKilled, beingStopped } from './words/of-stopping.ts';

/** @param called the processes that it has called, to name those that it waits for */
export function whyItWaits(
  run: RunState,
  around: Surroundings,
  called: readonly LinkEnd[] = [],
): Explanation {
  const wait = waitOf(run, around);
  const said = wordsOf(wait, around, called);
  const seen = seenOf(run, around.look);
  return run.kind !== 'job' || run.phase !== 'run' || seen === null ? said : { ...said, seen };
}

/** When the computer last told how the job is: by its last look since we run, else by what is stored. */
export function seenOf(run: RunState, look: JobLook | null): number | null {
  if (run.kind !== 'job') return null;
  return look?.seen ?? run.observedAt ?? null;
}

function wordsOf(wait: Wait, around: Surroundings, called: readonly LinkEnd[]): Explanation {
  switch (wait.kind) {
    case 'engine-trouble':
      return engineTrouble(wait);
    case 'code-changed':
      return codeChanged(wait);
    case 'question':
      return question(wait);
    case 'question-below':
      return questionBelow(wait, called);
    case 'paused':
      return pausedByPerson(wait);
    case 'lost':
      return lostJob(wait, around.look);
    case 'unconfirmed':
      return unconfirmed(wait);
    case 'vanished':
      return vanished(wait);
    case 'trouble':
      return troubled(wait);
    case 'disk-short':
      return diskShort(wait);
    case 'held-by-site':
      return heldBySite(wait);
    case 'waits-for-place':
      return waitsForPlace(wait);
    case 'waits-for-turn':
      return waitsForTurn(wait);
    case 'computer-paused':
      return computerPaused(wait);
    case 'computer-needs-you':
      return computerNeedsYou(wait);
    case 'computer-unreachable':
      return computerUnreachable(wait);
    case 'look-failed':
      return lookFailed(wait);
    case 'unaccounted':
      return unaccounted(wait, around);
    case 'being-killed':
      return beingKilled(wait);
    case 'being-stopped':
      return beingStopped(wait);
    case 'not-seen-yet':
      return {
        ...plain,
        headline: 'The scheduler has taken the job. The queue has not been looked at since.',
        ...lastsSince(wait.run),
        ...nextLook(around.queue),
        facts: jobFacts(wait.run),
        actions: ['retry-now'],
      };
    case 'with-scheduler':
      return withScheduler(wait, around);
    case 'step':
      return {
        ...plain,
        tone: 'goes-on',
        headline: stepWords[wait.phase],
        ...lastsSince(wait.run),
        facts: jobFacts(wait.run),
      };
    case 'function':
      return { ...plain, tone: 'goes-on', headline: 'Running on this machine.', ...lastsSince(wait.run) };
    case 'sleeping':
      return {
        ...plain,
        headline: `The workflow has asked to wait until ${formatLocal(wait.until)}.`,
        ...lastsSince(wait.run),
        next: { words: 'wakes up', at: wait.until },
        advice: ['The time is kept: it also passes while Stemma is closed.'],
        actions: ['pause', 'kill'],
      };
    case 'children':
      return waitsForChildren(wait, called);
    case 'workflow':
      return {
        ...plain,
        tone: 'goes-on',
        headline: 'The code of the workflow is running: it has no step to wait for.',
        ...lastsSince(wait.run),
        facts: stepsDone(wait.run),
      };
    default:
      return assertNever(wait);
  }
}

const stepWords: Readonly<Record<Of<'step'>['phase'], string>> = {
  prepare: 'Preparing the input files.',
  upload: 'Uploading the files to the computer.',
  submit: 'Submitting the job to the scheduler.',
  retrieve: 'The job has ended; its files are being retrieved.',
  parse: 'The files are here and are being parsed.',
};
