import { describe, expect, it } from 'vitest';
import { makeLaunchHandlers } from '#main/handlers/launch.ts';
import type { LaunchDeps } from '#main/launch/deps.ts';
import { NodeType } from '#shared/provenance/node-types.ts';

const uuid = '11111111-1111-4111-8111-111111111111';
const cluster = '22222222-2222-4222-8222-222222222222';

/** A job on the cluster with one input, seen through as much of the rooms as the question needs. */
function handlersFor(input: { readonly nodeType: string; readonly computer: number | null }) {
  const job = {
    id: 1,
    uuid,
    nodeType: NodeType.calcJob,
    processType: 'test.job',
    label: 'a job',
    description: '',
    attributes: '{}',
    computer: 7,
  };
  const node = { id: 2, uuid: '33333333-3333-4333-8333-333333333333', ...input };
  const reads = {
    nodeByUuid: () => job,
    incoming: () => [{ type: 'input_calc', label: 'x', source: 2, target: 1 }],
    node: () => node,
  };
  const deps = {
    store: { read: <T>(work: (from: typeof reads) => T) => work(reads) },
    plugins: { specs: () => [{ id: 'test.job', processType: 'test.job', kind: 'calculation-job' }] },
    computers: { uuidOf: (id: number) => (id === 7 ? cluster : null) },
  };
  return makeLaunchHandlers({ deps } as unknown as LaunchDeps);
}

const again = async (input: Parameters<typeof handlersFor>[0]) =>
  await handlersFor(input)['launch.again']({ uuid }, { signal: new AbortController().signal });

describe('the request that launches a job again', () => {
  it('names the computer where no code says it', async () => {
    expect(await again({ nodeType: NodeType.int, computer: null })).toMatchObject({
      plugin: 'test.job',
      computer: cluster,
      inputs: { x: { kind: 'node' } },
    });
    expect(await again({ nodeType: NodeType.remote, computer: 7 })).toHaveProperty('computer', cluster);
  });

  it('leaves it to the code, so that another code may be chosen', async () => {
    expect(await again({ nodeType: NodeType.installedCode, computer: 7 })).not.toHaveProperty('computer');
  });
});
