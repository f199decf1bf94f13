import { errorInfo, type ErrorInfo } from '#shared/base/errors.ts';
import type { NodeRef } from '#shared/contract/common.ts';
import type { ValueType } from '#shared/process/ports.ts';
import { acceptsNode, typePrefixes } from '#shared/process/value-types.ts';
import { printWord } from '#shared/query/print.ts';
import type { Core } from '#renderer/state/core.svelte.ts';

const restMs = 150;
const most = 60;

/** Stored nodes that a port takes: the newest, or those that fit what is typed: words, a PK, or the beginning of a UUID. */
export class NodeSearch {
  readonly #core: Core;
  readonly #types: () => readonly ValueType[];
  #text = $state('');
  #found: readonly NodeRef[] | null = $state.raw(null);
  #error: ErrorInfo | null = $state.raw(null);

  constructor(core: Core, types: () => readonly ValueType[]) {
    this.#core = core;
    this.#types = types;
    $effect(() => this.#follow());
  }

  /** Null until the first answer. */
  get found(): readonly NodeRef[] | null {
    return this.#found;
  }

  get error(): ErrorInfo | null {
    return this.#error;
  }

  get text(): string {
    return this.#text;
  }

  set text(text: string) {
    this.#text = text;
  }

  #follow(): (() => void) | undefined {
    const text = this.#text.trim();
    const types = this.#types();
    if (this.#core.client === null) return undefined;
    const abort = new AbortController();
    const timer = setTimeout(
      () => {
        this.#ask(text, types, abort.signal).catch((thrown: unknown) => {
          const info = errorInfo(thrown);
          if (!abort.signal.aborted && info.code !== 'disconnected') this.#error = info;
        });
      },
      text === '' ? 0 : restMs,
    );
    return () => {
      clearTimeout(timer);
      abort.abort();
    };
  }

  async #ask(text: string, types: readonly ValueType[], signal: AbortSignal): Promise<void> {
    const filter = text
      .split(/\s+/)
      .filter((word) => word !== '')
      .map(printWord)
      .join(' ');
    const isId = /^\d+$/.test(text) || /^[0-9a-f-]{4,36}$/i.test(text);
    const answers = await Promise.all([
      isId ? this.#core.call('nodes.resolve', { text: text.toLowerCase() }, signal) : [],
      ...typePrefixes(types).map((typePrefix) =>
        this.#core
          .call('nodes.find', { typePrefix, filter, limit: most }, signal)
          .then(({ rows }): readonly NodeRef[] => rows.toSorted((a, b) => b.ctime - a.ctime)),
      ),
    ]);
    if (signal.aborted) return;
    const byUuid = new Map<string, NodeRef>();
    const [resolved = [], ...pages] = answers;
    const newest = pages.flat().toSorted((a, b) => b.ctime - a.ctime);
    for (const node of [...resolved, ...newest]) {
      if (acceptsNode(types, node.nodeType)) byUuid.set(node.uuid, node);
    }
    this.#found = [...byUuid.values()].slice(0, most);
    this.#error = null;
  }
}
