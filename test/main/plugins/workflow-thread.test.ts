import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest';
import type { ObjectStore, WorkflowAnswer } from '#main/engine/ports.ts';
import { defaultLimits } from '#main/plugins/limits.ts';
import { WorkflowThread } from '#main/plugins/workflow-thread.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'stemma-thread-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const objects: ObjectStore = {
  putBytes: () => Promise.reject(new Error('not needed')),
  putMany: () => Promise.reject(new Error('not needed')),
  sizes: () => Promise.reject(new Error('not needed')),
  bytes: () => Promise.reject(new Error('not needed')),
};

/** A thread whose plugins end it while they are loaded, so many times; each time leaves a mark. */
function dying(name: string, times: number) {
  const marks = path.join(folder, `${name}.marks`);
  writeFileSync(marks, '');
  const file = path.join(folder, `${name}.ts`);
  writeFileSync(
    file,
    `import { appendFileSync, readFileSync } from 'node:fs';
const marks = ${JSON.stringify(marks)};
if (readFileSync(marks, 'utf8').length < ${times}) {
  appendFileSync(marks, 'x');
  process.exit(7);
}
export { exits } from ${JSON.stringify(new URL('./exiting-workflow.ts', import.meta.url).href)};
`,
  );
  const limits = { ...defaultLimits, reloadMs: 2 };
  const thread = new WorkflowThread([pathToFileURL(file).href], limits, objects);
  onTestFinished(() => thread.close());
  const { signal } = new AbortController();
  return {
    deaths: () => readFileSync(marks, 'utf8').length,
    run: () => thread.run('test.exiting', {}, () => new Promise<WorkflowAnswer>(() => {}), signal),
  };
}
const ended = { kind: 'exit', status: 410, message: 'It is over.' };

it('workflows run in a later thread where the first one ended before it had loaded the plugins', async () => {
  const { deaths, run } = dying('twice', 2);
  const [one, other] = [run(), run()];
  expect(await one).toMatchObject(ended);
  expect(await other).toMatchObject(ended);
  expect(deaths()).toBe(2);
});

it('after three such threads no further one is begun: each workflow hears why, and may try again later', async () => {
  const { deaths, run } = dying('more', 4);
  const both = await Promise.allSettled([run(), run()]);
  expect(deaths()).toBe(3);
  expect(both).toMatchObject(
    [1, 2].map(() => ({
      status: 'rejected',
      reason: {
        family: 'operational',
        code: 'plugins-not-loaded',
        message: expect.stringContaining('ended with code 7') as string,
      },
    })),
  );
  // one more is enough to know that it still goes wrong
  await expect(run()).rejects.toMatchObject({ code: 'plugins-not-loaded' });
  expect(deaths()).toBe(4);
  expect(await run()).toMatchObject(ended);
});
