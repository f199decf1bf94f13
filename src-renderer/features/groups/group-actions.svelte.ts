import type { GroupRow } from '#shared/contract/areas/sharing.ts';
import type { AppContext } from '#renderer/app/context.ts';
import { addedWords, removedWords } from './group-words.ts';

/** What is asked of a person in a dialog. */
type Question =
  | { readonly kind: 'new'; readonly nodes: readonly string[] }
  | { readonly kind: 'edit'; readonly group: GroupRow }
  | { readonly kind: 'delete'; readonly group: GroupRow };

/** Changes of groups. What can be turned round is done at once, with Undo; deleting a group is asked for first. */
export class GroupActions {
  readonly #app: AppContext;
  question: Question | null = $state.raw(null);

  constructor(app: AppContext) {
    this.#app = app;
  }

  async create(label: string, description: string, nodes: readonly string[]): Promise<string> {
    const { core } = this.#app;
    const { uuid } = await core.call('groups.create', { label, description });
    if (nodes.length > 0) await core.call('groups.addNodes', { uuid, nodes: [...nodes] });
    this.#say(
      nodes.length === 0
        ? `The group “${label}” is made.`
        : `The group “${label}” is made. ${addedWords(label, nodes.length, nodes.length)}`,
    );
    return uuid;
  }

  async update(group: GroupRow, label: string, description: string): Promise<void> {
    const { core } = this.#app;
    const { uuid } = group;
    await core.call('groups.update', { uuid, label, description });
    const before = { label: group.label, description: group.description };
    this.#say(
      label === group.label ? `“${label}” is described anew.` : `“${group.label}” is now “${label}”.`,
      async () => void (await core.call('groups.update', { uuid, ...before })),
    );
  }

  /** A group of the same name could be made again, but not the same group: no Undo. */
  async delete({ uuid, label }: GroupRow): Promise<void> {
    await this.#app.core.call('groups.remove', { uuid });
    this.#say(`The group “${label}” is deleted. Its nodes are still here.`);
  }

  async add({ uuid, label }: GroupRow, nodes: readonly string[]): Promise<number> {
    const { core } = this.#app;
    const { changed } = await core.call('groups.addNodes', { uuid, nodes: [...nodes] });
    // Which of them were in it before is not told: then an Undo might take out too many.
    const exact = changed === nodes.length;
    this.#say(
      addedWords(label, nodes.length, changed),
      exact
        ? async () => void (await core.call('groups.removeNodes', { uuid, nodes: [...nodes] }))
        : undefined,
    );
    return changed;
  }

  async takeOut({ uuid, label }: GroupRow, nodes: readonly string[]): Promise<void> {
    const { core } = this.#app;
    const { changed } = await core.call('groups.removeNodes', { uuid, nodes: [...nodes] });
    this.#say(
      removedWords(label, changed),
      async () => void (await core.call('groups.addNodes', { uuid, nodes: [...nodes] })),
    );
  }

  #say(text: string, undo?: () => Promise<void>): void {
    const { toaster, announcer } = this.#app;
    announcer.say(text);
    toaster.show({ text, tone: 'success', ...(undo === undefined ? {} : { undo }) });
  }
}
