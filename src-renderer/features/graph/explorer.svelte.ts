import { untrack } from 'svelte';
import { type Paths, shortestPaths } from '#shared/graph/paths.ts';
import type { Camera, Screen } from '#renderer/graph/camera.ts';
import { CanvasView } from '#renderer/graph/canvas-view.ts';
import {
  emphasis,
  lineageAt,
  lineageLights,
  type Lights,
  pathLights,
  shownAt,
} from '#renderer/graph/emphasis.ts';
import type { Hit } from '#renderer/graph/hit-test.ts';
import { LayoutClient, type WorkerLike } from '#renderer/graph/layout-client.ts';
import { type Looks, GraphSession, type LoadPart } from '#renderer/graph/session.ts';
import type { Scene } from '#renderer/graph/scene.ts';
import { type Direction, step } from '#renderer/graph/walk.ts';
import { pagePalette } from './page-palette.svelte.ts';

/** What the explorer asks of the page around it. */
export interface ExplorerHost {
  readonly load: LoadPart;
  /** Another node is to be looked at: the page changes its address, and comes back with `open`. */
  readonly onRecentre: (uuid: string) => void;
  readonly onOpenPage: (uuid: string, isProcess: boolean) => void;
  readonly onSelect: (uuid: string) => void;
  readonly onError: (thrown: unknown) => void;
  readonly say: (words: string) => void;
}

export interface TrailEntry {
  readonly uuid: string;
  readonly name: string;
}

/** The search for a path: waits for its second end, or shows what was found. */
export type PathSearch =
  | { readonly kind: 'waiting'; readonly from: string }
  | { readonly kind: 'found'; readonly from: string; readonly to: string; readonly paths: Paths }
  | { readonly kind: 'none'; readonly from: string; readonly to: string };

/** Hovering shorter than this lights nothing: a pointer on its way elsewhere should not make the page flicker. */
const hoverDelayMs = 60;
const trailLength = 12;
const stepsKept = 50;

/** A step by an arrow key. */
interface Step {
  readonly from: string;
  readonly to: string;
  readonly direction: Direction;
}
const opposite: Readonly<Record<Direction, Direction>> = {
  left: 'right',
  right: 'left',
  up: 'down',
  down: 'up',
};

const startWorker = (): WorkerLike =>
  new Worker(new URL('../../graph/layout/layout-worker.ts', import.meta.url), { type: 'module' });

/** The graph page as reactive state: the one place where session and canvas meet Svelte. */
export class Explorer {
  readonly session: GraphSession;
  readonly #host: ExplorerHost;
  readonly #layouts = new LayoutClient(startWorker);
  #view: CanvasView | null = null;
  #scene: Scene | null = $state.raw(null);
  #busy = $state(false);
  #failed: unknown = $state.raw(null);
  #selected: string | null = $state(null);
  #hovered: Hit | null = $state.raw(null);
  #lit = $state(-1);
  #pinned: string | null = $state(null);
  #path: PathSearch | null = $state.raw(null);
  #trail: readonly TrailEntry[] = $state.raw([]);
  #focused = $state(false);
  #camera: Camera = $state.raw({ x: 0, y: 0, zoom: 1 });
  #screen: Screen = $state.raw({ width: 1, height: 1 });
  #pointer = $state.raw({ x: 0, y: 0 });
  #looks: Looks;
  #steps = $state(2);
  /** Where the camera stood when the canvas was taken away. */
  #left: Camera | undefined;
  /** The way that the arrow keys went, so that the opposite key leads back. */
  #walked: readonly Step[] = [];
  #hoverTimer: ReturnType<typeof setTimeout> | null = null;

  constructor(host: ExplorerHost, looks: Looks, steps?: number) {
    this.#host = host;
    this.#looks = $state.raw(looks);
    this.session = new GraphSession(
      host.load,
      (graph, signal) => this.#layouts.layOut(graph, signal),
      looks,
      steps,
    );
    this.#steps = this.session.steps;
    this.session.changed.on(({ scene, anchor }) => {
      this.#scene = scene;
      this.#looks = this.session.looks;
      this.#steps = this.session.steps;
      this.#hovered = null;
      this.#lit = -1;
      this.#emphasise();
      this.#view?.show(scene, anchor);
    });
    this.session.busy.on((busy) => (this.#busy = busy));
  }

  get scene(): Scene | null {
    return this.#scene;
  }
  get busy(): boolean {
    return this.#busy;
  }
  /** What went wrong with the first drawing; later failures are toasts. */
  get failed(): unknown {
    return this.#failed;
  }
  get selected(): string | null {
    return this.#selected;
  }
  get hovered(): Hit | null {
    return this.#hovered;
  }
  get pinned(): boolean {
    return this.#pinned !== null;
  }
  get path(): PathSearch | null {
    return this.#path;
  }
  get trail(): readonly TrailEntry[] {
    return this.#trail;
  }
  get camera(): Camera {
    return this.#camera;
  }
  get screen(): Screen {
    return this.#screen;
  }
  get pointer(): { readonly x: number; readonly y: number } {
    return this.#pointer;
  }
  get looks(): Looks {
    return this.#looks;
  }
  get steps(): number {
    return this.#steps;
  }
  /** The drawn node that shows what is selected, or -1. */
  get selectedAt(): number {
    return this.#scene === null || this.#selected === null ? -1 : shownAt(this.#scene, this.#selected);
  }
  /** The drawn node whose lineage is lit, or -1. */
  get litAt(): number {
    return this.#litAt;
  }
  readonly #litAt = $derived.by(() => {
    if (this.#scene === null) return -1;
    if (this.#lit !== -1) return this.#lit;
    return this.#pinned === null ? -1 : shownAt(this.#scene, this.#pinned);
  });
  readonly #lineage = $derived(
    this.#scene === null || this.#litAt === -1 ? null : lineageAt(this.#scene, this.#litAt),
  );
  /** How many ancestors and descendants the lit node has in this part of the graph. */
  get lineage(): { readonly ancestors: number; readonly descendants: number } | null {
    return this.#lineage;
  }
  readonly #lights: Lights | null = $derived.by(() => {
    if (this.#scene === null) return null;
    if (this.#lineage !== null) return lineageLights(this.#scene, this.#litAt, this.#lineage);
    return this.#path?.kind === 'found' ? pathLights(this.#scene, this.#path.paths) : null;
  });

  /** Attachment of the canvas. It follows nothing: a canvas made anew at each change would forget gestures and camera. */
  readonly canvas = (element: HTMLCanvasElement): (() => void) => untrack(() => this.#paintOn(element));

  #paintOn(element: HTMLCanvasElement): () => void {
    const view = new CanvasView(element, {
      palette: () => pagePalette.value,
      reducedMotion: () => window.matchMedia('(prefers-reduced-motion: reduce)').matches,
      events: {
        onClick: (hit) => this.#onClick(hit),
        onDoubleClick: (hit) => this.#onDoubleClick(hit),
        onHover: (hit, x, y) => this.#onHover(hit, x, y),
        onCamera: (camera, screen) => {
          this.#camera = camera;
          this.#screen = screen;
        },
      },
    });
    this.#view = view;
    this.#emphasise();
    // Who comes back to a drawing finds it where it was.
    if (this.#scene !== null) view.show(this.#scene, null, this.#left);
    return () => {
      this.#left = view.camera;
      view.destroy();
      if (this.#view === view) this.#view = null;
    };
  }

  get view(): CanvasView | null {
    return this.#view;
  }

  /** Called in an effect: hands to the canvas what stands out. */
  emphasise(): void {
    this.#emphasise();
  }

  async open(uuid: string): Promise<void> {
    this.#selected = uuid;
    this.#pinned = null;
    this.#path = null;
    try {
      await this.session.open(uuid);
      this.#failed = null;
      const name = this.nameOf(uuid);
      const before = this.#trail.findIndex((entry) => entry.uuid === uuid);
      const kept = before === -1 ? this.#trail : this.#trail.slice(0, before);
      this.#trail = [...kept, { uuid, name }].slice(-trailLength);
    } catch (thrown) {
      if (isAbort(thrown)) return;
      this.#failed = thrown;
    }
  }

  select(uuid: string, move: boolean): void {
    if (this.#path?.kind === 'waiting' && uuid !== this.#path.from) this.#findPath(this.#path.from, uuid);
    this.#selected = uuid;
    this.#walked = [];
    this.#host.onSelect(uuid);
    if (move && this.selectedAt !== -1) this.#view?.reveal(this.selectedAt);
  }

  /** Reads the surroundings again where they are shown already: something may have run meanwhile. */
  async look(uuid: string): Promise<void> {
    if (this.#scene === null || this.session.root !== uuid) await this.open(uuid);
    else this.#run(this.session.reload());
  }

  /** Selects a node of this part and brings it into sight, drawing it first where it is folded away. */
  async show(uuid: string): Promise<void> {
    const scene = this.#scene;
    if (scene !== null && shownAt(scene, uuid) === -1) {
      try {
        await this.session.uncover(uuid);
      } catch (thrown) {
        if (!isAbort(thrown)) this.#host.onError(thrown);
        return;
      }
    }
    this.select(uuid, true);
  }

  /** Follows an arrow key. Answers whether there was somewhere to go. */
  walk(direction: Direction): boolean {
    const scene = this.#scene;
    if (scene === null) return false;
    const start = this.selectedAt;
    const back = this.#walked.at(-1);
    const returns =
      back !== undefined && back.to === this.#selected && opposite[back.direction] === direction;
    const home = returns ? shownAt(scene, back.from) : -1;
    const root = shownAt(scene, this.session.root);
    const next = home !== -1 ? home : start === -1 ? root : step(scene, start, direction);
    if (next === -1) return false;
    const [from, to] = [this.#selected ?? '', this.uuidAt(next)];
    const walked =
      home === -1 ? [...this.#walked, { from, to, direction }].slice(-stepsKept) : this.#walked.slice(0, -1);
    this.select(to, true);
    this.#walked = walked;
    return true;
  }

  recentre(uuid: string): void {
    this.#host.onRecentre(uuid);
  }

  openPage(uuid: string): void {
    const { part } = this.session;
    const type = part?.nodeType[part.uuid.indexOf(uuid)] ?? '';
    this.#host.onOpenPage(uuid, type.startsWith('process.'));
  }

  toggleAt(at: number): void {
    this.#run(this.session.toggle(at));
  }

  /** Opens or closes what is selected, where it is a workflow or a stack. */
  toggleSelected(): void {
    const at = this.selectedAt;
    const face = this.#scene?.faces[at];
    if (face !== undefined && (face.closed || face.stack || (this.#scene?.layout.frame[at] ?? 0) > 0)) {
      this.toggleAt(at);
    }
  }

  setLooks(change: Partial<Looks>): void {
    this.#run(this.session.setLooks(change));
  }

  widen(by: number): void {
    this.#run(this.session.setSteps(this.#steps + by));
  }

  refold(): void {
    this.#run(this.session.refold());
  }

  openStub(at: number, side: 'in' | 'out'): void {
    this.#run(this.session.openStub(at, side));
  }

  /** Loads the nodes at the other ends of links that are not here. */
  loadBeyond(uuid: string, side: 'in' | 'out'): void {
    this.#run(this.session.loadBeyond([uuid], side));
  }

  openChip(at: number, chip: number): void {
    const data = this.#scene?.faces[at]?.chips[chip]?.data;
    if (data !== undefined) this.#run(this.session.openData(data, this.uuidAt(at)));
  }

  togglePin(): void {
    if (this.#pinned !== null) this.#pinned = null;
    else this.#pinned = this.#selected;
    if (this.#lineage !== null && this.#pinned !== null) {
      this.#host.say(
        `${this.#lineage.ancestors} ancestors and ${this.#lineage.descendants} descendants are lit`,
      );
    }
  }

  startPath(): void {
    if (this.#path !== null || this.#selected === null) {
      this.#path = null;
      return;
    }
    this.#pinned = null;
    this.#path = { kind: 'waiting', from: this.#selected };
    this.#host.say('Choose the other end of the path');
  }

  /** Escape: one thing at a time. Answers whether there was anything to leave. */
  leave(): boolean {
    if (this.#path !== null) this.#path = null;
    else if (this.#pinned !== null) this.#pinned = null;
    else return false;
    return true;
  }

  setFocused(focused: boolean): void {
    this.#focused = focused;
  }

  uuidAt(at: number): string {
    const scene = this.#scene;
    return scene?.view.folded.graph.uuid[scene.view.node[at] ?? 0] ?? '';
  }

  nameOf(uuid: string): string {
    const node = this.session.part?.uuid.indexOf(uuid) ?? -1;
    return node === -1 ? '' : (this.session.part?.name[node] ?? '');
  }

  /** Name and content: `Int 5`. Many nodes share a name. */
  wordsOf(uuid: string): string {
    const { part } = this.session;
    const node = part?.uuid.indexOf(uuid) ?? -1;
    return node === -1 ? '' : `${part?.name[node] ?? ''} ${part?.summary[node] ?? ''}`.trim();
  }

  close(): void {
    this.session.close();
    this.#layouts.close();
    if (this.#hoverTimer !== null) clearTimeout(this.#hoverTimer);
  }

  #emphasise(): void {
    const scene = this.#scene;
    if (scene === null) return;
    const marks = {
      root: this.session.root,
      selected: this.#selected,
      hovered: this.#hovered?.at ?? -1,
      focused: this.#focused,
    };
    this.#view?.setEmphasis(emphasis(scene, marks, this.#lights));
  }

  #findPath(from: string, to: string): void {
    const part = this.session.part;
    if (part === null) return;
    const [a, b] = [part.uuid.indexOf(from), part.uuid.indexOf(to)];
    // Either may be the earlier one.
    const ahead = shortestPaths(part, a, b);
    const paths = ahead ?? shortestPaths(part, b, a);
    if (paths === null) this.#path = { kind: 'none', from, to };
    else
      this.#path = { kind: 'found', from: ahead === null ? to : from, to: ahead === null ? from : to, paths };
    this.#host.say(
      paths === null ? 'No path joins the two here' : `The shortest path has ${paths.length} links`,
    );
  }

  #onClick(hit: Hit | null): void {
    if (hit === null) return;
    if (hit.kind === 'toggle') this.toggleAt(hit.at);
    else if (hit.kind === 'chip') this.openChip(hit.at, hit.chip);
    else if (hit.kind === 'stub') this.openStub(hit.at, hit.stub.side);
    else this.select(this.uuidAt(hit.at), false);
  }

  #onDoubleClick(hit: Hit): void {
    if (hit.kind === 'node') this.recentre(this.uuidAt(hit.at));
  }

  #onHover(hit: Hit | null, x: number, y: number): void {
    this.#hovered = hit;
    this.#pointer = { x, y };
    if (this.#hoverTimer !== null) clearTimeout(this.#hoverTimer);
    const at = hit?.kind === 'node' ? hit.at : -1;
    this.#hoverTimer = setTimeout(() => (this.#lit = at), hoverDelayMs);
  }

  #run(work: Promise<void>): void {
    work.catch((thrown: unknown) => {
      if (!isAbort(thrown)) this.#host.onError(thrown);
    });
  }
}

const isAbort = (thrown: unknown): boolean => thrown instanceof Error && thrown.name === 'AbortError';
