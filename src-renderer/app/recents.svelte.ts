import { untrack } from 'svelte';
import type { NodeKind } from '#shared/provenance/node-types.ts';
import { nodeKinds } from '#shared/provenance/node-types.ts';
import { asTexts, recall, remember } from '../design/remember.ts';

/** A thing whose page was looked at. */
export interface RecentPlace {
  readonly address: string;
  readonly title: string;
  readonly kind: NodeKind | null;
}

const longest = 20;

function parsePlaces(stored: unknown): readonly RecentPlace[] | null {
  if (!Array.isArray(stored)) return null;
  return stored.flatMap((item: Partial<RecentPlace> | null) => {
    const { address, title, kind } = item ?? {};
    if (typeof address !== 'string' || !address.startsWith('/') || typeof title !== 'string') return [];
    return [{ address, title, kind: nodeKinds.find((known) => known === kind) ?? null }];
  });
}

/** What the palette offers first: the things and the commands that were used last on this machine. */
export class Recents {
  #places: readonly RecentPlace[] = $state.raw(recall('recent.places', parsePlaces) ?? []);
  #commands: readonly string[] = $state.raw(recall('recent.commands', asTexts) ?? []);

  get places(): readonly RecentPlace[] {
    return this.#places;
  }

  get commands(): readonly string[] {
    return this.#commands;
  }

  /** @param visited its address may be a link, as `router.href` makes them */
  visit(visited: RecentPlace): void {
    const place = { ...visited, address: visited.address.replace(/^#/, '') };
    // Pages call this in effects, which must not run again because of it.
    const others = untrack(() => this.#places).filter(({ address }) => address !== place.address);
    const places = [place, ...others].slice(0, longest);
    this.#places = places;
    remember('recent.places', places);
  }

  used(command: string): void {
    this.#commands = [command, ...this.#commands.filter((other) => other !== command)].slice(0, longest);
    remember('recent.commands', this.#commands);
  }
}
