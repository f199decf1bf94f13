import { expect, it } from 'vitest';
import { deferred } from '#shared/base/deferred.ts';
import type { NodeId } from '#shared/provenance/ids.ts';
import { LiveEffects } from '#main/engine/live-effects.ts';
import { settle, VirtualClock } from '../../support/virtual-clock.ts';

it('an effect that was suspended and resumed begins again only when its first run has ended', async () => {
  const process = 1 as NodeId;
  const runs: { readonly end: () => void; readonly signal: AbortSignal }[] = [];
  const effects = new LiveEffects(
    new VirtualClock(),
    () => true,
    (_, signal) => {
      const done = deferred<void>();
      runs.push({ end: () => done.resolve(), signal });
      return done.promise;
    },
  );
  effects.add(process, { kind: 'upload', number: 1 }, 0, null);
  await settle();
  effects.suspend(process);
  effects.resume(process);
  await settle();
  expect(runs).toHaveLength(1);
  expect(runs[0]?.signal.aborted).toBe(true);
  runs[0]?.end();
  await settle();
  expect(runs).toHaveLength(2);
  expect(runs[1]?.signal.aborted).toBe(false);
  runs[1]?.end();
  await effects.stop();
});
