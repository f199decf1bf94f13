import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openCore, type Core } from '#main/core.ts';
import { connectClient, type Client } from '#shared/channel/client.ts';
import { memoryPair } from '#shared/channel/memory-port.ts';
import type { LaunchRequestInput } from '#shared/contract/areas/launch.ts';
import type { Contract } from '#shared/contract/contract.ts';
import type { Uuid } from '#shared/provenance/ids.ts';

let folder: string;
let core: Core;
let client: Client<Contract>;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'stemma-resume-'));
  const plugins = [new URL('./resume-workflow.ts', import.meta.url).href];
  core = await openCore({ profileDirectory: join(folder, 'profile'), shell: 'none', plugins });
  const [ours, theirs] = memoryPair();
  core.serve(theirs);
  client = connectClient<Contract>(ours);
});
afterAll(async () => {
  client.close();
  await core.close();
  await rm(folder, { recursive: true, force: true });
});

const int = (value: number) => ({ kind: 'value', type: 'int', value }) as const;
const run = async (request: LaunchRequestInput): Promise<string> => {
  const { uuid } = await client.call('launch.submit', request);
  await core.engine.ended(uuid as Uuid);
  return uuid;
};
const detailOf = async (uuid: string) => {
  for await (const detail of client.listen('processes.watch', { uuid })) return detail;
  throw new Error('no page');
};
const attributesOf = (uuid: string): Record<string, unknown> => {
  const node = core.store.engine.read((reads) => reads.nodeByUuid(uuid as Uuid));
  return JSON.parse(node?.attributes ?? '{}') as Record<string, unknown>;
};
const calledBy = async (uuid: string): Promise<Record<string, string>> => {
  const { called } = await detailOf(uuid);
  return Object.fromEntries(called.map(({ label, node }) => [label, node.uuid]));
};
const failedRun = (): Promise<string> =>
  run({ plugin: 'test.bands', inputs: { structure: int(1), tolerance: int(1), shift: int(2) } });

/** The request of the form, with some inputs changed. */
const again = async (uuid: string, inputs: LaunchRequestInput['inputs'] = {}) => {
  const request = await client.call('launch.again', { uuid });
  return { ...request, inputs: { ...request.inputs, ...inputs } };
};

describe('a workflow that failed', () => {
  it('is resumed from its failed step, inside its sub-workflow too, and says why of each', async () => {
    const former = await failedRun();
    expect(attributesOf(former)).toMatchObject({ process_state: 'finished', exit_status: 1 });
    const request = { ...(await again(former, { tolerance: int(20) })), resume: { from: former } };
    const { issues, resume: plan } = await client.call('launch.preview', request);
    expect(issues).toEqual([]);
    expect(plan?.steps.map(({ path, verdict, why }) => [path, verdict, why])).toEqual([
      ['prepare', 'reused', 'process and inputs are equal'],
      ['aside', 'reused', 'process and inputs are equal'],
      [
        'relax',
        'again',
        'it failed with exit status 1 (Step “scf” ended with exit status 410: It did not converge); input “tolerance” differs',
      ],
      ['relax/guess', 'reused', 'process and inputs are equal'],
      [
        'relax/scf',
        'again',
        'it failed with exit status 410 (It did not converge); input “tolerance” differs',
      ],
    ]);

    const resumed = await run(request);
    expect(attributesOf(resumed)).toMatchObject({ process_state: 'finished', exit_status: 0 });
    const before = await calledBy(former);
    const now = await calledBy(resumed);
    expect(Object.keys(now)).toEqual(['relax', 'energy']);
    expect(attributesOf(resumed)).toMatchObject({
      resumed_from: former,
      reused_steps: [
        { label: 'aside', process: before['aside'] },
        { label: 'prepare', process: before['prepare'] },
      ],
    });
    const inner = await calledBy(now['relax'] ?? '');
    expect(Object.keys(inner)).toEqual(['scf']);
    expect(attributesOf(now['relax'] ?? '')).toMatchObject({
      resumed_from: before['relax'],
      reused_steps: [{ label: 'guess', process: (await calledBy(before['relax'] ?? ''))['guess'] }],
    });
    // the outputs that are taken over are the same nodes: data keeps its one creator
    const made = (await detailOf(before['prepare'] ?? '')).outputs[0]?.node.uuid;
    const given = (await detailOf(now['relax'] ?? '')).inputs.find(({ label }) => label === 'structure');
    expect(given?.node.uuid).toBe(made);
    const { log } = await detailOf(resumed);
    expect(log.map(({ message }) => message)).toContain(
      `Step “prepare” is re-used from run ${former.slice(0, 8)}: process and inputs are equal.`,
    );
    expect((await core.readers.profile.checkGraph(null)).problems).toEqual([]);
  });

  it('can be resumed again from a resumed run, and takes over what that had taken over', async () => {
    const first = await failedRun();
    const second = await run({ ...(await again(first)), resume: { from: first } });
    expect(attributesOf(second)['exit_status']).toBe(1);
    const third = await run({
      ...(await again(second, { tolerance: int(30) })),
      resume: { from: second },
    });
    expect(attributesOf(third)).toMatchObject({
      exit_status: 0,
      reused_steps: [{ label: 'aside' }, { label: 'prepare', process: (await calledBy(first))['prepare'] }],
    });
  });

  it('runs a step again that a person names, and what hangs on it', async () => {
    const former = await failedRun();
    const resume = { from: former, again: ['prepare', 'relax/guess'] };
    const { resume: plan } = await client.call('launch.preview', { ...(await again(former)), resume });
    expect(plan?.steps.map(({ path, verdict, why }) => [path, verdict, why])).toEqual([
      ['prepare', 'again', 'a person wants it to run again'],
      ['aside', 'reused', 'process and inputs are equal'],
      ['relax', 'later', 'comes after what runs again; it is re-used if its inputs are then the same'],
    ]);
    const resumed = await run({ ...(await again(former, { tolerance: int(20) })), resume });
    expect(Object.keys(await calledBy(resumed))).toEqual(['prepare', 'relax', 'energy']);
  });

  it('runs a whole sub-workflow again where a person names it', async () => {
    const former = await run({
      plugin: 'test.bands',
      inputs: { structure: int(1), tolerance: int(20), shift: int(2) },
    });
    expect(attributesOf(former)).toMatchObject({ process_state: 'finished', exit_status: 0 });
    const request = { ...(await again(former)), resume: { from: former, again: ['relax'] } };
    const { resume: plan } = await client.call('launch.preview', request);
    expect(plan?.steps.filter(({ path }) => path.startsWith('relax'))).toMatchObject([
      { path: 'relax', verdict: 'again', why: 'a person wants it to run again' },
    ]);
    const resumed = await run(request);
    const inner = await calledBy((await calledBy(resumed))['relax'] ?? '');
    expect(Object.keys(inner)).toEqual(['guess', 'scf']);
  });

  it('names the input that was changed', async () => {
    const former = await failedRun();
    const request = { ...(await again(former, { shift: int(5) })), resume: { from: former } };
    const { resume: plan } = await client.call('launch.preview', request);
    expect(plan?.steps[0]).toMatchObject({ path: 'prepare', verdict: 'again', why: 'input “by” differs' });
    expect(plan?.steps[1]).toMatchObject({ path: 'aside', verdict: 'reused' });
  });

  it('is not resumed by a request for another process, nor while it runs', async () => {
    const former = await failedRun();
    const other = { plugin: 'test.relax', inputs: { structure: int(1), tolerance: int(1) } };
    const { issues } = await client.call('launch.preview', { ...other, resume: { from: former } });
    expect(issues[0]?.message).toContain('The run to resume is of aiida.workflows:test.bands');
    await expect(client.call('launch.submit', { ...other, resume: { from: former } })).rejects.toMatchObject({
      code: 'not-resumable',
    });
  });

  it('keeps the text that it was made by', async () => {
    const former = await failedRun();
    const node = core.store.engine.read((reads) => reads.nodeByUuid(former as Uuid));
    const { bytes } = await client.call('nodes.readFile', { uuid: former, path: 'source_file' });
    expect(node).not.toBeNull();
    expect(new TextDecoder().decode(bytes)).toContain("id: 'test.bands'");
  });
});
