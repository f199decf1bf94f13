import { untrack } from 'svelte';
import type { Command } from './command.ts';

type Scope = () => readonly Command[];

/** Every command that is available now: those of features, and those of the page and panels that are open. */
export class Commands {
  #scopes: readonly Scope[] = $state.raw([]);

  /** The nearest first: what was opened last comes before the page, and the page before the features. */
  get all(): readonly Command[] {
    return this.#all;
  }

  /** Those of the page and of open panels, without the features' own. */
  get nearby(): readonly Command[] {
    return this.#scopes.slice(0, -1).flatMap((scope) => scope());
  }

  readonly #all = $derived(this.#scopes.flatMap((scope) => scope()));

  find(id: string): Command | undefined {
    return this.#all.find((command) => command.id === id);
  }

  /** The function that it gives back takes them off again. */
  add(scope: Scope): () => void {
    // Called in effects, which must not run again because of their own change.
    this.#scopes = [scope, ...untrack(() => this.#scopes)];
    return () => {
      this.#scopes = this.#scopes.filter((other) => other !== scope);
    };
  }
}
