import { describe, expect, it } from 'vitest';
import type { WorkflowAnswer, WorkflowAsk } from '#main/engine/ports.ts';
import { makeStep } from '#main/plugins/worker/workflow-step.ts';

const asked: WorkflowAsk[] = [];
const step = makeStep(
  (ask) => {
    asked.push(ask);
    return Promise.resolve<WorkflowAnswer>({ kind: 'done' });
  },
  () => Promise.reject(new Error('not needed')),
);

describe('a sleep in a workflow', () => {
  it('lasts whole milliseconds, and never less than was asked for', async () => {
    await step.sleep('jitter', 5062.5);
    expect(asked.pop()).toEqual({ kind: 'sleep', label: 'jitter', ms: 5063 });
  });

  it.each([Number.NaN, Infinity, -Infinity, 1e15, undefined as unknown as number])(
    'of %s ms is refused in words',
    async (ms) => {
      const refused = `“rest ${ms}” cannot sleep for ${ms} ms: give a number of milliseconds, 100 years at most.`;
      await expect(step.sleep(`rest ${ms}`, ms)).rejects.toThrow(refused);
      expect(asked).toEqual([]);
    },
  );
});
