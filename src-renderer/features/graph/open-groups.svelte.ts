import { SvelteSet } from 'svelte/reactivity';
import { groupTitles } from '#renderer/graph/tree-items.ts';

/** What is expanded in the tree. A node opens together with its groups: one key press, not two. */
export class OpenGroups extends SvelteSet<string> {
  override add(id: string): this {
    const isGroup = groupTitles.some((title) => id.endsWith(`/${title}`));
    if (!isGroup) for (const title of groupTitles) super.add(`${id}/${title}`);
    return super.add(id);
  }
}
