import type { CommandCore } from '#main/cli/world.ts';
import { StemmaError } from '#shared/base/errors.ts';
import { NpyArray } from '#shared/npy/npy-array.ts';
import { statisticsOf } from '#shared/npy/statistics.ts';
import { readPyJson } from '#shared/provenance/python-json.ts';

type Step = (name: string, work: () => Promise<unknown>) => Promise<boolean>;

const filesOfANode = 40;
const nodesLookedAt = 6;

/** A look around in a source as a window takes it: first page, types, groups, words, the graph, nodes and their files. */
export async function walk(
  client: CommandCore['client'],
  source: string,
  step: Step,
  read: { nodes: number; files: number; arrays: number },
): Promise<void> {
  let uuids: readonly string[] = [];
  await step(`first page of ${source}`, async () => {
    const page = await client.call('nodes.find', { source, filter: '', limit: 100 });
    // both ends of the page: what was added last is first
    const all = page.rows.map(({ uuid }) => uuid);
    uuids = [...new Set([...all.slice(0, nodesLookedAt), ...all.slice(-2)])];
  });
  await step(`types of ${source}`, () => client.call('nodes.types', { source }));
  await step(`groups of ${source}`, () => client.listen('groups.list', { source }).next());
  await step(`search in ${source}`, () => client.call('search.words', { source, words: 'example n1' }));
  for (const uuid of uuids) {
    let paths: readonly string[] = [];
    await step('a node', async () => {
      const node = await client.call('nodes.get', { source, uuid });
      read.nodes++;
      paths = node.files.filter(({ kind }) => kind === 'file').map(({ path }) => path);
      for (const text of [node.attributes, node.extras]) plainly(() => readPyJson(text));
    });
    for (const path of paths.slice(0, filesOfANode)) {
      await step('a file', async () => {
        const { bytes } = await client.call('nodes.readFile', {
          source,
          uuid,
          path,
          offset: 0,
          length: 1_000_000,
        });
        read.files++;
        if (!path.endsWith('.npy')) return;
        read.arrays++;
        plainly(() => lookAt(new NpyArray(bytes)));
      });
    }
  }
  const [first] = uuids;
  if (first !== undefined) {
    await step('the graph', () => client.call('graph.around', { source, uuid: first, up: 10, down: 10 }));
  }
}

/** What a window does by itself: it may say in words that it cannot, and nothing else. */
function plainly(work: () => void): void {
  try {
    work();
  } catch (error) {
    if (!(error instanceof StemmaError)) throw error;
  }
}

function lookAt(array: NpyArray): void {
  statisticsOf(array);
  for (const index of [0, 1, array.length - 1, array.length, -1, 2 ** 31, NaN]) {
    array.has(index);
    array.number(index);
    array.text(index);
  }
}
