import type { CacheReport } from '#shared/contract/areas/processes.ts';
import {
  cachingOffWords,
  cachingVerdict,
  type CachingRules,
  type CachingVerdict,
} from '#shared/process/caching-rules.ts';
import { counted } from '#shared/provenance/summary.ts';
import type { CacheCandidate, CacheFacts } from '../../provenance/read-api.ts';

/** A process and the cache, in words. @param mayBeTaken whether the plugin lets a failure stand for a run of its own */
export function cacheReport(
  facts: CacheFacts,
  rules: CachingRules,
  mayBeTaken: (exitStatus: number | null) => boolean,
): CacheReport {
  const asSource = sourceReport(facts, mayBeTaken);
  const nothing = { source: null, savedMs: null, nearest: null, asSource };
  if (!facts.isCalculation) {
    const headline = 'A workflow always runs. Its calculations are looked up in the cache one by one.';
    return { kind: 'always-runs', headline, detail: '', ...nothing };
  }
  if (facts.source !== null) {
    const { node, ranMs } = facts.source;
    return {
      kind: 'copy',
      headline: 'Taken from the cache: nothing ran.',
      detail: node === null ? 'The calculation that it is a copy of has been deleted.' : '',
      source: node,
      savedMs: ranMs,
      nearest: null,
      asSource,
    };
  }
  const { nearest } = facts;
  const verdict = cachingVerdict(rules, facts.processType);
  return {
    kind: 'ran',
    ...whyItRan(facts, verdict, mayBeTaken),
    source: null,
    savedMs: null,
    nearest:
      nearest === null
        ? null
        : {
            node: nearest.node,
            equalInputs: nearest.equalInputs,
            inputs: nearest.inputs,
            differences: nearest.differences.map((one) => ({ ...one, inside: [...one.inside] })),
          },
    asSource,
  };
}

function whyItRan(
  facts: CacheFacts,
  verdict: CachingVerdict,
  mayBeTaken: (exitStatus: number | null) => boolean,
): { readonly headline: string; readonly detail: string } {
  const { nearest, ofType } = facts;
  if (!facts.hasHash) {
    return {
      headline: 'It was not launched here.',
      detail: 'What comes with an archive was run elsewhere, and has no hash in this profile.',
    };
  }
  const off = verdict.use ? '' : `Now ${cachingOffWords(verdict)}.`;
  if (nearest?.isEqual === true) {
    const obstacle = whyNotTaken(nearest, mayBeTaken);
    if (obstacle !== '') return { headline: `An equal calculation was there, but ${obstacle}.`, detail: off };
    return facts.isSwitchedOff
      ? { headline: 'An equal calculation was there; the launch said to run anyway.', detail: '' }
      : {
          headline: 'An equal calculation was there, but caching was off when this one was launched.',
          detail: off || 'It is on now: the next equal launch is answered at once.',
        };
  }
  if (nearest === null) {
    return { headline: 'There was no earlier calculation of this type.', detail: off };
  }
  return {
    headline: `No earlier calculation was equal. ${howNearestDiffers(nearest.differences)}`,
    detail: [
      `The same inputs: ${nearest.equalInputs} of ${nearest.inputs}. Compared with ${counted(ofType, 'earlier calculation')}.`,
      off,
    ]
      .filter((text) => text !== '')
      .join(' '),
  };
}

function howNearestDiffers(differences: CacheCandidate['differences']): string {
  const names = differences
    .filter(({ kind }) => kind !== 'code')
    .map(({ kind, name }) => (kind === 'computer' ? 'the computer' : `“${name}”`));
  const listed = names.length > 4 ? [...names.slice(0, 3), `${names.length - 3} more`] : names;
  const code = differences.find(({ kind }) => kind === 'code');
  if (code === undefined) {
    return `The nearest differs in ${listed.length === 0 ? 'what it was run with' : listed.join(', ')}.`;
  }
  const isKnown = code.here !== null && code.there !== null;
  const changed = isKnown ? 'its code has changed' : 'the code with which it ran was not kept';
  return listed.length === 0
    ? `The nearest had the same inputs, but ${changed}.`
    : `The nearest differs in ${listed.join(', ')}, and ${changed}.`;
}

/** Why an equal calculation was not copied; empty where nothing stood against it. */
function whyNotTaken(candidate: CacheCandidate, mayBeTaken: (exitStatus: number | null) => boolean): string {
  const { processState: state, exitStatus } = candidate;
  if (!candidate.isSealed || !candidate.wasOver) return 'it had not ended yet';
  if (candidate.isTakenOut) return 'a person took it out of the cache';
  if (state === 'killed') return 'it was killed';
  if (state === 'excepted') return 'it ended with an exception';
  if (state !== 'finished') return 'it never finished';
  return mayBeTaken(exitStatus)
    ? ''
    : `it failed with exit status ${exitStatus ?? 'none'}, and failures run again`;
}

function sourceReport(
  facts: CacheFacts,
  mayBeTaken: (exitStatus: number | null) => boolean,
): CacheReport['asSource'] {
  const { copies } = facts;
  const no = (why: string, can: CacheReport['asSource']['can'] = 'nothing'): CacheReport['asSource'] => ({
    usable: false,
    why,
    copies,
    can,
  });
  if (!facts.isCalculation) return no('Workflows are never copied.');
  if (facts.processState !== 'finished') {
    return no(
      ['created', 'running', 'waiting'].includes(facts.processState)
        ? 'It has not ended yet.'
        : 'It did not finish, so it is never copied.',
    );
  }
  if (!mayBeTaken(facts.exitStatus)) return no('It failed, so equal launches run again.');
  if (facts.isTakenOut) return no('It was taken out of the cache: equal launches run again.', 'put-back');
  if (!facts.hasHash) {
    return no(
      'It came with an archive. Equal launches run, until you let them be answered with it.',
      'put-back',
    );
  }
  return {
    usable: true,
    why: 'Equal launches may be answered with a copy of it.',
    copies,
    can: 'take-out',
  };
}
