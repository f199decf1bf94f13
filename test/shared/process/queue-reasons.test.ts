import { describe, expect, it, test } from 'vitest';
import { queueReason, queueReasonKinds, queueReasonMeanings } from '#shared/process/queue-reasons.ts';

/** Words of squeue(1), Slurm 14 to 25, and what each means. */
const words: readonly (readonly [reason: string, kind: (typeof queueReasonKinds)[number]])[] = [
  ['Priority', 'priority'],
  ['Resources', 'resources'],
  ['QOSMaxJobsPerUserLimit', 'limit'],
  ['QOSMaxSubmitJobPerUserLimit', 'limit'],
  ['QOSMaxCpuPerUserLimit', 'limit'],
  ['QOSGrpNodeLimit', 'limit'],
  ['AssocGrpJobsLimit', 'limit'],
  ['AssocMaxJobsLimit', 'limit'],
  ['JobArrayTaskLimit', 'limit'],
  ['AssocGrpCPUMinutesLimit', 'budget'],
  ['AssocGrpCPURunMinutesLimit', 'budget'],
  ['QOSUsageThreshold', 'budget'],
  ['QOSMaxCpuPerJobLimit', 'asks-too-much'],
  ['QOSMaxNodePerJobLimit', 'asks-too-much'],
  ['QOSMaxWallDurationPerJobLimit', 'asks-too-much'],
  ['AssocMaxWallDurationPerJobLimit', 'asks-too-much'],
  ['QOSMinCpuNotSatisfied', 'asks-too-much'],
  ['PartitionTimeLimit', 'asks-too-much'],
  ['PartitionNodeLimit', 'asks-too-much'],
  ['BadConstraints', 'asks-too-much'],
  ['Dependency', 'dependency'],
  ['DependencyNeverSatisfied', 'dependency-never'],
  ['BeginTime', 'begin-time'],
  ['JobHeldUser', 'held-by-you'],
  ['JobHeldAdmin', 'held-by-admins'],
  ['ReqNodeNotAvail, UnavailableNodes:nid[001-004]', 'nodes'],
  ['ReqNodeNotAvail, Reserved for maintenance', 'reservation'],
  ['Nodes required for job are DOWN, DRAINED or reserved for jobs in higher priority partitions', 'nodes'],
  ['NodeDown', 'nodes'],
  ['Reservation', 'reservation'],
  ['PartitionDown', 'queue-closed'],
  ['PartitionInactive', 'queue-closed'],
  ['InvalidAccount', 'account'],
  ['InvalidQOS', 'account'],
  ['Licenses', 'licence'],
  ['Prolog', 'starting'],
  ['BurstBufferStageIn', 'starting'],
  ['launch failed requeued held', 'failed-start'],
  ['JobLaunchFailure', 'failed-start'],
  ['SomethingOfALaterSlurm', 'unknown'],
];

test.each(words)('%s', (reason, kind) => {
  expect(queueReason(reason).kind).toBe(kind);
  expect(queueReason(`(${reason})`).kind).toBe(kind);
});

describe('the table of reasons', () => {
  it('has a word of a scheduler for every meaning', () => {
    expect(new Set(words.map(([, kind]) => kind))).toEqual(new Set(queueReasonKinds));
  });

  it('says what to do wherever a person is needed', () => {
    for (const kind of queueReasonKinds) {
      const { needsPerson, advice, words: says } = queueReasonMeanings[kind];
      expect(says).toMatch(/\.$/);
      if (needsPerson) expect(advice).not.toBe('');
    }
  });
});
