import { SvelteSet } from 'svelte/reactivity';
import { errorInfo, type ErrorInfo } from '#shared/base/errors.ts';
import type { LaunchPreview, LaunchRequestInput } from '#shared/contract/areas/launch.ts';
import type { Port, ProcessSpec } from '#shared/process/ports.ts';
import type { Core } from '#renderer/state/core.svelte.ts';
import { emptyDraft, emptyInput, type LaunchDraft, type NamedInput } from '../model/draft.ts';
import { requestOf } from '../model/request.ts';

/** Typing rests for so long before the core is asked. */
const restMs = 300;

interface Checked {
  /** The request as text: tells whether the answer is about what stands in the form. */
  readonly of: string;
  readonly preview: LaunchPreview;
}

/** One form: the draft, what is wrong with it, and what the core would submit. Called while a page is made. */
export class LaunchForm {
  readonly spec: ProcessSpec;
  readonly #core: Core;
  draft: LaunchDraft = $state() as LaunchDraft;
  /** The run that is resumed, and the steps of it that run again in any case. */
  resume: { readonly from: string; readonly again: readonly string[] } | null = $state.raw(null);
  readonly #read = $derived.by(() => {
    const read = requestOf(this.spec, $state.snapshot(this.draft) as LaunchDraft);
    if (this.resume === null) return read;
    const { from, again } = this.resume;
    return { ...read, request: { ...read.request, resume: { from, again: [...again] } } };
  });
  readonly #text = $derived(JSON.stringify(this.#read.request));
  #checked: Checked | null = $state.raw(null);
  #error: ErrorInfo | null = $state.raw(null);
  #attempted = $state(false);
  #busy = $state(false);
  readonly #touched = new SvelteSet<string>();
  /** Fields that were left while a pointer is down. */
  #held: Set<string> | null = null;
  #nextId = 1;

  constructor(core: Core, spec: ProcessSpec, draft: LaunchDraft, resumed: string | null = null) {
    this.#core = core;
    if (resumed !== null) this.resume = { from: resumed, again: [] };
    this.spec = spec;
    this.replace(draft);
    $effect(() => this.#follow());
  }

  get request(): LaunchRequestInput {
    return this.#read.request;
  }

  /** What would be submitted, as it was last known; `isCurrent` says whether it is about this very draft. */
  get preview(): LaunchPreview | null {
    return this.#checked?.preview ?? null;
  }

  get isCurrent(): boolean {
    return this.#checked?.of === this.#text && Object.keys(this.#read.problems).length === 0;
  }

  get checking(): boolean {
    return this.#error === null && this.#checked?.of !== this.#text;
  }

  /** Why the core could not be asked. */
  get error(): ErrorInfo | null {
    return this.#error;
  }

  get busy(): boolean {
    return this.#busy;
  }

  /** Everything that is wrong, by field: the form's own findings before the core's. */
  readonly problems: ReadonlyMap<string, string> = $derived.by(() => {
    const all = new Map<string, string>();
    const own = this.#read.problems;
    for (const { field, message } of this.#checked?.preview.issues ?? []) {
      // What the core misses because the form held it back is not missing.
      if (!(field in own)) all.set(field, message);
    }
    return new Map([...Object.entries(own), ...all]);
  });

  /** What to say at a field now: nothing before a person has been there or has tried to launch. */
  problemAt(...fields: readonly string[]): string {
    for (const field of fields) {
      const problem = this.problems.get(field);
      if (problem === undefined || !(this.#attempted || this.#touched.has(field))) continue;
      // The old answer may be about what has been mended since.
      if (field in this.#read.problems || this.#checked?.of === this.#text || this.#attempted) return problem;
    }
    return '';
  }

  /** A person has been at a field: from now on it says what is wrong. */
  touch(field: string): void {
    if (this.#held === null) this.#touched.add(field);
    else this.#held.add(field);
  }

  /** A pointer is down: a message that came now would move what is being clicked from under it. */
  hold(): void {
    this.#held ??= new Set();
  }

  release(): void {
    const held = this.#held ?? [];
    this.#held = null;
    for (const field of held) this.#touched.add(field);
  }

  add(prefix: string, port: Port): NamedInput {
    const id = this.#nextId++;
    this.draft.named.push({ id, prefix, name: '', input: emptyInput(port) });
    return this.draft.named.at(-1) as NamedInput;
  }

  remove(id: number): void {
    this.draft.named = this.draft.named.filter((each) => each.id !== id);
  }

  /** Another draft in place of this one. */
  replace(draft: LaunchDraft): void {
    this.draft = draft;
    this.#nextId = Math.max(0, ...draft.named.map(({ id }) => id)) + 1;
    this.#attempted = false;
    this.#touched.clear();
  }

  clear(): LaunchDraft {
    const before = $state.snapshot(this.draft) as LaunchDraft;
    this.replace(emptyDraft(this.spec));
    return before;
  }

  /**
   * Checks once more and launches. Null where something is wrong: from then on every field says what.
   * @throws StemmaError what the core threw
   */
  async submit(): Promise<string | null> {
    if (this.#busy) return null;
    this.#attempted = true;
    this.#busy = true;
    try {
      const { request, problems } = this.#read;
      const { issues } = await this.#ask(request, new AbortController().signal);
      if (Object.keys(problems).length > 0 || issues.length > 0) return null;
      return (await this.#core.call('launch.submit', request)).uuid;
    } finally {
      this.#busy = false;
    }
  }

  retry(): void {
    const { request } = this.#read;
    void this.#ask(request, new AbortController().signal).catch(() => {});
  }

  /** Asks the core about each state of the draft in which typing rests. */
  #follow(): (() => void) | undefined {
    const { request } = this.#read;
    if (this.#core.client === null || this.#text === '') return undefined;
    const abort = new AbortController();
    const timer = setTimeout(() => {
      this.#ask(request, abort.signal).catch(() => {}); // kept in `error`
    }, restMs);
    return () => {
      clearTimeout(timer);
      abort.abort();
    };
  }

  async #ask(request: LaunchRequestInput, signal: AbortSignal): Promise<LaunchPreview> {
    try {
      const preview = await this.#core.call('launch.preview', request, signal);
      if (!signal.aborted) {
        this.#error = null;
        this.#checked = { of: JSON.stringify(request), preview };
      }
      return preview;
    } catch (thrown) {
      const info = errorInfo(thrown);
      if (!signal.aborted && info.code !== 'disconnected') this.#error = info;
      throw thrown;
    }
  }
}
