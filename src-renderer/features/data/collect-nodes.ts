import type { Core } from '#renderer/state/core.svelte.ts';
import type { NodeQuery } from '#renderer/state/node-pages.svelte.ts';

/** What one selection may hold; a group takes more, but nobody means more by one key. */
export const mostSelected = 10_000;
const pageSize = 500;

/** The UUIDs of all nodes that fit, page by page, up to {@link mostSelected}. */
export async function collectNodes(core: Core, query: NodeQuery): Promise<readonly string[]> {
  const uuids: string[] = [];
  let after: string | null = null;
  do {
    const page: Awaited<ReturnType<typeof core.call<'nodes.find'>>> = await core.call('nodes.find', {
      ...query,
      after,
      limit: pageSize,
    });
    for (const { uuid } of page.rows) uuids.push(uuid);
    after = page.next;
  } while (after !== null && uuids.length < mostSelected);
  return uuids.slice(0, mostSelected);
}
