import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Uuid } from '#shared/provenance/ids.ts';
import { EngineWorld, int, openSharedRooms, text, type SharedRooms } from './engine-world.ts';

let shared: SharedRooms;
let world: EngineWorld;
beforeAll(async () => {
  shared = await openSharedRooms([new URL('./test-workflows.ts', import.meta.url).href]);
});
afterAll(() => shared.close());
beforeEach(() => {
  world = new EngineWorld(shared);
});
afterEach(() => world.close());

/** Type and attributes of each input, by label. */
const inputsOf = (process: Uuid): unknown =>
  world.store.engine.read((reads) => {
    const links = reads.incoming(world.store.nodeId(process) ?? (0 as never));
    const inputs = links.filter(({ type }) => type.startsWith('input'));
    return Object.fromEntries(
      inputs.map(({ label, source }) => [
        label,
        [reads.node(source)?.nodeType, reads.node(source)?.attributes],
      ]),
    );
  });
const childOf = (process: Uuid): Uuid | undefined =>
  world.store.engine.read((reads) => {
    const links = reads.outgoing(world.store.nodeId(process) ?? (0 as never));
    const call = links.find(({ type }) => type.startsWith('call'));
    return call === undefined ? undefined : reads.node(call.target)?.uuid;
  });
const run = async (inputs: Parameters<EngineWorld['launch']>[1]): Promise<Uuid> => {
  const uuid = await world.launch('test.scaling', inputs);
  await world.engine.ended(uuid);
  return uuid;
};

describe('a step of a workflow', () => {
  it('gets the defaults of its process as inputs of its own, as a launch does', async () => {
    const workflow = await run({ value: int(2) });
    expect(world.outputs(workflow)['result']).toBe(6.5);
    const child = childOf(workflow);
    const launched = await world.launch('test.scaled', { value: int(2) });
    await world.engine.ended(launched);
    expect(child === undefined ? null : inputsOf(child)).toEqual(inputsOf(launched));
    expect(inputsOf(launched)).toEqual({
      value: ['data.core.int.Int.', '{"value": 2}'],
      factor: ['data.core.int.Int.', '{"value": 3}'],
      more__offset: ['data.core.float.Float.', '{"value": 0.5}'],
    });
  });

  it('keeps what it is given', async () => {
    const workflow = await run({ value: int(2), factor: int(10) });
    expect(world.outputs(workflow)['result']).toBe(20.5);
  });

  it.each([
    ['a value beyond a limit', { value: int(2), factor: int(11) }, 'factor: Must be at most 10 m.'],
    ['a missing input', {}, 'value: Required.'],
    [
      'an unknown input',
      { value: int(2), name: text('wrong') },
      'colour: test.scaled has no input “colour”.',
    ],
  ])('with %s is refused in words, and nothing of it is stored', async (_, inputs, words) => {
    const workflow = await run(inputs);
    expect(world.attributes(workflow)).toMatchObject({
      exit_status: 400,
      exit_message: `test.scaled cannot be launched: ${words}`,
    });
    expect(childOf(workflow)).toBeUndefined();
    // the workflow and its inputs
    expect(world.nodes()).toBe(2 + Object.keys(inputs).length);
  });
});
