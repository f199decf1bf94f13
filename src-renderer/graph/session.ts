import { Emitter } from '#shared/base/emitter.ts';
import type { GraphPart } from '#shared/contract/areas/nodes.ts';
import { flowLink, nodeCount } from '#shared/graph/columns.ts';
import { accounts, type Accounts } from '#shared/graph/fold/accounts.ts';
import { foldBySpec } from '#shared/graph/fold/fold-by-spec.ts';
import { defaultFold, type FoldSpec, type Level } from '#shared/graph/fold/spec.ts';
import { viewOf } from '#shared/graph/fold/view-of.ts';
import { mergeParts } from '#shared/graph/merge-parts.ts';
import type { Layout, LayoutGraph } from './layout/types.ts';
import { placesOf, type Scene, sceneOf, sketch } from './scene.ts';

/** Gets a part of the graph: links back and forward from a node, nearest first, at most so many nodes. */
export type LoadPart = (
  wish: { readonly uuid: string; readonly up: number; readonly down: number; readonly limit: number },
  signal: AbortSignal,
) => Promise<GraphPart>;

export type LayOut = (graph: LayoutGraph, signal: AbortSignal) => Promise<Layout>;

/** How the graph is shown, beside what is folded. */
export interface Looks {
  readonly level: Level;
  readonly hubs: boolean;
  readonly stacks: boolean;
  readonly workflows: LayoutGraph['workflows'];
  /** Flags by link type: these lines are left out. */
  readonly hiddenTypes: readonly number[];
}

export const defaultLooks: Looks = {
  level: defaultFold.level,
  hubs: true,
  stacks: true,
  workflows: 'frames',
  hiddenTypes: [],
};

/** One step is a process and its data: two links. */
const linksPerStep = 2;
export const stepLimits = { least: 1, most: 12 } as const;
const nodeLimit = 1500;
/** A stack that is opened shows so many of its members, failed ones first; the rest stay a stack. */
const openedAtOnce = 24;

/** What changed, for whoever draws it. */
export interface SceneChange {
  readonly scene: Scene;
  /** The node that stays in place; null for another graph. */
  readonly anchor: string | null;
}

/**
 * What a person looks at: a node and its surroundings, what is folded, and how. It loads, folds and lays out, one wish
 * after the other, and tells when there is a new drawing. It knows neither a canvas nor a page.
 */
export class GraphSession {
  readonly changed = new Emitter<SceneChange>();
  /** Loading and laying out took longer than at once, or ended. */
  readonly busy = new Emitter<boolean>();
  readonly #load: LoadPart;
  readonly #layOut: LayOut;
  #part: GraphPart | null = null;
  #root = '';
  #steps = 2;
  /** Links back and forward that the part holds around the root. */
  #held = 0;
  #looks: Looks = defaultLooks;
  #opened = new Set<string>();
  #closed = new Set<string>();
  #scene: Scene | null = null;
  #beyond: readonly string[] = [];
  #abort = new AbortController();

  constructor(load: LoadPart, layOut: LayOut, looks: Looks = defaultLooks, steps = 2) {
    this.#load = load;
    this.#layOut = layOut;
    this.#looks = looks;
    this.#steps = Math.min(stepLimits.most, Math.max(stepLimits.least, steps));
  }

  get scene(): Scene | null {
    return this.#scene;
  }

  get part(): GraphPart | null {
    return this.#part;
  }

  get root(): string {
    return this.#root;
  }

  get steps(): number {
    return this.#steps;
  }

  get looks(): Looks {
    return this.#looks;
  }

  /** What was folded beyond the person's wish, in words. */
  get beyond(): readonly string[] {
    return this.#beyond;
  }

  get isUnfolded(): boolean {
    return this.#opened.size + this.#closed.size > 0;
  }

  /** Where every node and link of the part is; null before there is one. */
  get accounts(): Accounts | null {
    return this.#scene === null ? null : accounts(this.#scene.view);
  }

  /**
   * Looks at a node. What was opened and closed is forgotten; a node that is on the page already stays in place.
   *
   * @throws what the loader throws; AbortError where a later wish took its place
   */
  async open(uuid: string): Promise<void> {
    const anchor = this.#scene?.at.has(uuid) === true ? uuid : null;
    await this.#work(async (signal) => {
      const part = await this.#ask(uuid, this.#steps, signal);
      this.#root = uuid;
      this.#part = part;
      this.#held = this.#steps;
      this.#opened = new Set();
      this.#closed = new Set();
      await this.#draw(anchor, signal);
    });
  }

  /** The same surroundings, read again: something ran in the meantime. */
  async reload(): Promise<void> {
    await this.#work(async (signal) => {
      this.#part = await this.#ask(this.#root, Math.max(this.#steps, this.#held), signal);
      await this.#draw(this.#root, signal);
    });
  }

  async setSteps(steps: number): Promise<void> {
    const next = Math.min(stepLimits.most, Math.max(stepLimits.least, steps));
    if (next === this.#steps || this.#part === null) return;
    await this.#work(async (signal) => {
      if (next > this.#held) {
        const wider = await this.#ask(this.#root, next, signal);
        this.#part = this.#part === null ? wider : mergeParts(wider, this.#part);
        this.#held = next;
      }
      this.#steps = next;
      await this.#draw(this.#root, signal);
    });
  }

  async setLooks(change: Partial<Looks>): Promise<void> {
    this.#looks = { ...this.#looks, ...change };
    if (this.#part !== null) await this.#work((signal) => this.#draw(this.#root, signal));
  }

  /** Opens a closed workflow or a stack, closes a frame. */
  async toggle(at: number): Promise<void> {
    const scene = this.#scene;
    if (scene === null) return;
    const { folded } = scene.view;
    const uuid = folded.graph.uuid[scene.view.node[at] ?? 0] ?? '';
    const face = scene.faces[at];
    if ((scene.layout.frame[at] as number) > 0) {
      this.#closed.add(uuid);
      // What was opened inside would be drawn in spite of its frame.
      for (const other of scene.at) if (isUnder(scene, other[1], at)) this.#opened.delete(other[0]);
    } else if (face?.stack === true) {
      this.#openStack(scene, at);
    } else {
      this.#closed.delete(uuid);
    }
    await this.#work((signal) => this.#draw(uuid, signal));
  }

  /** Draws data that stood as a chip. */
  async openData(nodes: readonly number[], anchor: string): Promise<void> {
    const uuids = this.#part?.uuid ?? [];
    for (const node of nodes.slice(0, openedAtOnce)) this.#opened.add(uuids[node] ?? '');
    await this.#work((signal) => this.#draw(anchor, signal));
  }

  /** Draws what a stub counts: the nodes at the other ends of its links, asked for where they are not here. */
  async openStub(at: number, side: 'in' | 'out'): Promise<void> {
    const scene = this.#scene;
    if (scene === null) return;
    const uuids = (scene.view.members[at] ?? []).map((node) => scene.view.folded.graph.uuid[node] ?? '');
    await this.loadBeyond(uuids, side);
  }

  /** Loads and draws what lies one link beyond these nodes; the first of them stays in place. */
  async loadBeyond(uuids: readonly string[], side: 'in' | 'out'): Promise<void> {
    await this.#work(async (signal) => {
      for (const uuid of uuids.slice(0, openedAtOnce)) {
        const wish = { uuid, up: side === 'in' ? 1 : 0, down: side === 'out' ? 1 : 0, limit: 200 };
        const more = await this.#load(wish, signal);
        this.#part = this.#part === null ? more : mergeParts(this.#part, more);
        for (const neighbour of more.uuid) this.#opened.add(neighbour);
      }
      await this.#draw(uuids[0] ?? this.#root, signal);
    });
  }

  /** Takes back all that was opened and closed by hand. */
  async refold(): Promise<void> {
    this.#opened = new Set();
    this.#closed = new Set();
    if (this.#part !== null) await this.#work((signal) => this.#draw(this.#root, signal));
  }

  /** Draws one node that is folded away, such as a hit of a search or an end of a path. */
  async uncover(uuid: string): Promise<void> {
    this.#opened.add(uuid);
    await this.#work((signal) => this.#draw(uuid, signal));
  }

  close(): void {
    this.#abort.abort(new DOMException('The graph was closed.', 'AbortError'));
  }

  async #ask(uuid: string, steps: number, signal: AbortSignal): Promise<GraphPart> {
    const links = steps * linksPerStep;
    return this.#load({ uuid, up: links, down: links, limit: nodeLimit }, signal);
  }

  /** The latest wish counts: what is under way is ended. */
  async #work(run: (signal: AbortSignal) => Promise<void>): Promise<void> {
    this.#abort.abort(new DOMException('A later wish took its place.', 'AbortError'));
    const abort = new AbortController();
    this.#abort = abort;
    this.busy.emit(true);
    try {
      await run(abort.signal);
    } finally {
      if (this.#abort === abort) this.busy.emit(false);
    }
  }

  async #draw(anchor: string | null, signal: AbortSignal): Promise<void> {
    const part = this.#part;
    if (part === null) return;
    const { level, hubs, stacks, workflows, hiddenTypes } = this.#looks;
    const spec: FoldSpec = {
      level,
      root: this.#root,
      up: this.#steps * linksPerStep,
      down: this.#steps * linksPerStep,
      hubsFrom: hubs ? defaultFold.hubsFrom : null,
      stacksFrom: stacks ? defaultFold.stacksFrom : null,
      opened: this.#opened,
      closed: this.#closed,
    };
    const { folded, beyond } = foldBySpec(part, spec);
    const hidden = new Uint8Array(flowLink + 1);
    for (const type of hiddenTypes) hidden[type] = 1;
    const before = this.#scene;
    const seeds = before === null || anchor === null ? undefined : placesOf(before);
    const drawn = sketch(viewOf(folded, hidden), workflows, seeds);
    const layout = await this.#layOut(drawn.graph, signal);
    signal.throwIfAborted();
    this.#beyond = beyond;
    this.#scene = sceneOf(drawn, layout);
    const shown = anchor !== null && this.#scene.at.has(anchor) ? anchor : null;
    this.changed.emit({ scene: this.#scene, anchor: shown ?? (anchor === null ? null : this.#root) });
  }

  #openStack(scene: Scene, at: number): void {
    const { graph } = scene.view.folded;
    const head = scene.view.node[at] ?? 0;
    const alike = (scene.view.members[at] ?? []).filter(
      (node) => graph.name[node] === graph.name[head] && graph.kind[node] === graph.kind[head],
    );
    const order = alike.toSorted(
      (a, b) => gravity(graph.state[b] ?? 0) - gravity(graph.state[a] ?? 0) || a - b,
    );
    for (const node of order.slice(0, openedAtOnce)) this.#opened.add(graph.uuid[node] ?? '');
  }

  /** How many nodes the part holds. */
  get size(): number {
    return this.#part === null ? 0 : nodeCount(this.#part);
  }
}

/** By index into `displayStates`: what failed is shown first, then what is under way. */
const gravity = (state: number): number => [1, 2, 2, 2, 0, 3, 3, 3][state] ?? 0;

function isUnder(scene: Scene, at: number, frame: number): boolean {
  for (let above = scene.layout.parent[at] ?? -1; above !== -1; above = scene.layout.parent[above] ?? -1) {
    if (above === frame) return true;
  }
  return false;
}
