import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openCore } from '#main/core.ts';
import { cacheReport } from '#main/handlers/process-page/cache-report.ts';
import type { CacheDifference } from '#main/provenance/read-api.ts';
import { connectClient } from '#shared/channel/client.ts';
import { memoryPair } from '#shared/channel/memory-port.ts';
import type { CacheReport } from '#shared/contract/areas/processes.ts';
import type { Contract } from '#shared/contract/contract.ts';
import { parseUuid } from '#shared/provenance/ids.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'stemma-cache-code-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const pluginApi = new URL('../../../src-shared/plugin/index.ts', import.meta.url).href;

/** Runs `test.times` on 4, with the module as it would be after an edit, and tells what the cache says of it. */
async function runWith(factor: number): Promise<CacheReport> {
  const module = join(folder, 'times.mjs');
  writeFileSync(
    module,
    `import { data, defineCalculationFunction, port } from '${pluginApi}';
export const times = defineCalculationFunction({
  id: 'test.times', label: 'times', summary: 'For tests.', version: '1',
  inputs: { x: port.int() },
  outputs: { result: port.int() },
  run: ({ x }) => ({ result: data.int(${factor} * x.value) }),
});
`,
  );
  const core = await openCore({
    profileDirectory: join(folder, 'profile'),
    shell: 'none',
    plugins: [pathToFileURL(module).href],
  });
  const [near, far] = memoryPair();
  core.serve(far);
  const client = connectClient<Contract>(near);
  try {
    const { uuid } = await client.call('launch.submit', {
      plugin: 'test.times',
      inputs: { x: { kind: 'value', type: 'int', value: 4 } },
      caching: 'yes',
    });
    await core.engine.ended(parseUuid(uuid));
    return await client.call('processes.cache', { uuid });
  } finally {
    client.close();
    await core.close();
  }
}

test('a function whose code was changed without a new version runs again, and the page says why', async () => {
  await runWith(2);
  expect(await runWith(2)).toMatchObject({ kind: 'copy' });
  const changed = await runWith(3);
  expect(changed).toMatchObject({
    kind: 'ran',
    headline: 'No earlier calculation was equal. The nearest had the same inputs, but its code has changed.',
  });
  expect(changed.nearest).toMatchObject({ equalInputs: 1, inputs: 1 });
  expect(changed.nearest?.differences).toEqual([
    {
      kind: 'code',
      name: 'code',
      here: { uuid: null, words: expect.stringMatching(/^text [0-9a-f]{12}…$/) },
      there: { uuid: null, words: expect.stringMatching(/^text [0-9a-f]{12}…$/) },
      inside: [],
    },
  ]);
});

test('an earlier calculation whose code was not kept is not said to have other code', () => {
  const text = { uuid: null, words: 'text 0123456789ab…' };
  const headline = (...differences: CacheDifference[]): string =>
    cacheReport(
      {
        processType: 'aiida.calculations:test.times',
        isCalculation: true,
        hasHash: true,
        processState: 'finished',
        exitStatus: 0,
        isTakenOut: false,
        isSwitchedOff: false,
        source: null,
        copies: 0,
        ofType: 1,
        nearest: {
          node: { uuid: '', nodeType: '', label: '', name: '', ctime: 0 } as never,
          isEqual: false,
          isSealed: true,
          processState: 'finished',
          exitStatus: 0,
          isTakenOut: false,
          wasOver: true,
          equalInputs: 1,
          inputs: 1,
          differences,
        },
      },
      { enabled: true, enabledFor: [], disabledFor: [] },
      (status) => status === 0,
    ).headline;
  const code = { kind: 'code', name: 'code', here: text, there: null, inside: [] } as const;
  const input = { ...code, kind: 'input', name: 'x', there: text } as const;
  expect(headline(code)).toBe(
    'No earlier calculation was equal. The nearest had the same inputs, but the code with which it ran was not kept.',
  );
  expect(headline(input, { ...code, there: text })).toBe(
    'No earlier calculation was equal. The nearest differs in “x”, and its code has changed.',
  );
});
