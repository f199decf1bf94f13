import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { readIterations } from '#main/handlers/process-page/iterations.ts';
import { iterationsAttribute } from '#shared/process/iteration-record.ts';
import { NodeType } from '#shared/provenance/node-types.ts';
import {
  EngineWorld,
  int,
  list,
  openSharedRooms,
  shellDefaults,
  text,
  type SharedRooms,
} from './engine-world.ts';

const document = fileURLToPath(new URL('../../../docs/error-handlers.md', import.meta.url));

/** The one example of the page, as a module that a plugin thread loads. */
function exampleModule(folder: string): string {
  const [, code] = /```ts\n([\s\S]*?)```/.exec(readFileSync(document, 'utf8')) ?? [];
  if (code === undefined) throw new Error('The page has no example');
  const project = new URL('../../../', import.meta.url).href;
  const source = code
    .replaceAll("'#shared/", `'${project}src-shared/`)
    .replaceAll("'#main/", `'${project}src-main/`);
  const file = join(folder, 'example.ts');
  writeFileSync(file, source);
  return pathToFileURL(file).href;
}

describe('the example of docs/error-handlers.md', () => {
  let shared: SharedRooms;
  let world: EngineWorld;
  let folder: string;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'stemma-example-'));
    shared = await openSharedRooms([exampleModule(folder)]);
    expect(shared.plugins.problems).toEqual([]);
  });
  afterAll(async () => {
    await shared?.close();
    rmSync(folder, { recursive: true, force: true });
  });
  beforeEach(() => {
    world = new EngineWorld(shared);
  });
  afterEach(() => world.close());

  const launch = async (step: number) => {
    const uuid = await world.launch('my.relaxation.restart', {
      shell__code: { uuid: world.code },
      ...Object.fromEntries(Object.entries(shellDefaults).map(([name, node]) => [`shell__${name}`, node])),
      shell__arguments: text('{step}'),
      shell__nodes__step: float(step),
      shell__restart_files: list('geometry.xyz'),
      smallest_step: float(0.05),
      max_iterations: int(5),
      on_unhandled_failure: text('restart_once'),
      pause_on_max_iterations: { ...int(0), nodeType: NodeType.bool, attributes: '{"value": false}' },
    });
    await world.engine.ended(uuid);
    return {
      exit: world.attributes(uuid)['exit_status'],
      iterations: readIterations(world.attributes(uuid)[iterationsAttribute]),
    };
  };
  const float = (value: number) => ({
    ...int(0),
    nodeType: NodeType.float,
    attributes: `{"value": ${value}}`,
  });
  const notConverged = { cause: 'done', status: 1, files: { 'stdout.txt': 'not converged\n' } } as const;

  it('takes smaller steps from where it was, until it is converged', async () => {
    world.cluster.endings.push(notConverged, { cause: 'walltime' }, notConverged);
    const { exit, iterations } = await launch(0.4);
    expect(exit).toBe(0);
    expect(iterations.map(({ handler, action }) => [handler, action])).toEqual([
      ['not_converged', 'restart-from-folder'],
      ['out_of_walltime', 'restart-from-folder'],
      ['not_converged', 'restart-from-folder'],
      [null, 'done'],
    ]);
    expect(iterations[2]?.says).toBe('Not converged 2 times: smaller steps');
    expect(iterations[2]?.changes[0]).toEqual({ name: 'nodes__step', before: '0.2', after: '0.1' });
  });

  it('gives up with its own exit code', async () => {
    world.cluster.endings.push(notConverged);
    expect(await launch(0.06)).toMatchObject({ exit: 430 });
  });
});
