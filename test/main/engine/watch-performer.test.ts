import { expect, test, vi } from 'vitest';
import type { EngineDeps } from '#main/engine/deps.ts';
import type { JobHost, JobObservation } from '#main/engine/ports.ts';
import { watch } from '#main/engine/performers/jobs.ts';
import type { Performance } from '#main/engine/performers/performance.ts';
import { facts, running } from './samples.ts';

test('a job is watched on while it is seen, and while accounting is silent; its end ends the watch', async () => {
  const silence = { message: 'Connection refused', since: 7, noted: false };
  const emit = vi.fn<Performance['emit']>();
  const host = vi.fn<JobHost['watch']>();
  const deps = { jobs: { watch: host } } as unknown as EngineDeps;
  const { signal } = new AbortController();
  const state = running({ directory: '/d', unaccounted: silence });
  const end = watch(deps, state, { signal, emit } as unknown as Performance);
  const [, job, tell] = host.mock.calls[0] ?? [];
  expect(job).toMatchObject({ jobId: '42', silence });
  const observed = (observation: JobObservation) => ({ kind: 'observed', observation }) as const;
  const onTheWay: JobObservation[] = [
    { kind: 'unaccounted', silence },
    { kind: 'unaccounted', silence: null },
    { kind: 'seen', facts: facts('running') },
  ];
  for (const one of onTheWay) tell?.(one);
  expect(emit.mock.calls).toEqual(onTheWay.map((one) => [observed(one)]));
  const ended: JobObservation = { kind: 'ended', facts: facts('done'), cause: 'walltime' };
  tell?.(ended);
  expect(await end).toEqual(observed(ended));
});
