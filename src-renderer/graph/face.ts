import { isCall, isData, isProcess, Kind, noState } from '#shared/graph/columns.ts';
import { headOf } from '#shared/graph/fold/folded.ts';
import type { Chip, View } from '#shared/graph/fold/view-of.ts';
import { graphIndex } from '#shared/graph/graph-index.ts';
import { displayStates, type DisplayState, stateWords } from '#shared/process/states.ts';
import { type NodeKind, nodeKinds } from '#shared/provenance/node-types.ts';
import { textWidth } from './text-metrics.ts';

/** A small mark at a node for data that is not drawn. */
export interface FaceChip {
  readonly side: 'in' | 'out';
  readonly words: string;
  /** What stands before the words; none for a count. */
  readonly kind: NodeKind | null;
  /** Pixels at zoom 1. */
  readonly width: number;
  /** Nodes of the graph. */
  readonly data: readonly number[];
}

/** What one drawn node says, and the room it needs. */
export interface Face {
  readonly kind: NodeKind;
  readonly state: DisplayState | null;
  readonly title: string;
  readonly note: string;
  readonly chips: readonly FaceChip[];
  /** How many nodes of the graph it stands for. */
  readonly members: number;
  /** Of a stack: how many processes are in each state, in the order of `displayStates`; empty for one process. */
  readonly states: readonly { readonly state: DisplayState; readonly count: number }[];
  readonly stack: boolean;
  /** How many of the processes that it shows were taken from the cache. */
  readonly cached: number;
  /** Whether all of them were. */
  readonly allCached: boolean;
  /** A workflow that hides what it called. */
  readonly closed: boolean;
  /** Pixels at zoom 1: as a node, and the least width of the title bar as a frame. */
  readonly width: number;
  readonly height: number;
  readonly titleWidth: number;
}

/** Sizes of type inside nodes, in pixels at zoom 1. */
export const type = { title: 13, data: 12, note: 11, chip: 10.5, label: 10.5 } as const;

/** Distances inside nodes. */
export const inner = {
  pad: 12,
  glyph: 16,
  gap: 8,
  card: 48,
  chips: 25,
  pill: 30,
  dot: 9,
  chipPad: 6,
  chipGap: 5,
  chipHeight: 18,
  toggle: 24,
} as const;

const least = { card: 132, pill: 60 } as const;
const most = { card: 264, pill: 188 } as const;

/** Of a process that did not run, because an equal one stood for it. */
export const fromCache = 'from the cache';

/** The words and the size of every drawn node. */
export function facesOf(view: View): Face[] {
  const chips = Map.groupBy(view.chips, (chip) => chip.host);
  const labels = callLabels(view);
  const inside = hubsInside(view);
  return Array.from(view.node, (node, at) => {
    const marks = faceChips(view, chips.get(at) ?? [], inside.get(at) ?? new Set());
    return faceOf(view, at, node, marks, labels[at] ?? '');
  });
}

/** For each workflow, the hubs that stand as chips at processes it called. */
function hubsInside(view: View): ReadonlyMap<number, ReadonlySet<number>> {
  const inside = new Map<number, Set<number>>();
  for (const chip of view.chips) {
    if (chip.kind !== 'hub') continue;
    for (let above = view.caller[chip.host] ?? -1; above !== -1; above = view.caller[above] ?? -1) {
      const known = inside.get(above) ?? new Set();
      known.add(chip.data[0] ?? -1);
      inside.set(above, known);
    }
  }
  return inside;
}

function faceOf(view: View, at: number, node: number, marks: readonly FaceChip[], callLabel: string): Face {
  const { graph } = view.folded;
  const kind = nodeKinds[graph.kind[node] ?? 0] ?? 'unknown';
  const members = view.members[at] ?? [node];
  const name = graph.name[node] ?? '';
  const summary = graph.summary[node] ?? '';
  const process = kind === 'calculation' || kind === 'workflow' || graph.state[node] !== noState;
  if (!process) return dataFace(kind, name, summary);

  const alike = topMembers(view, node, members);
  const stack = alike.length > 1;
  const states = stack ? histogram(view, alike) : [];
  const state = displayStates[graph.state[node] ?? noState] ?? null;
  const title = stack ? `${alike.length} × ${name}` : name;
  const inside = members.filter((m) => m !== node && isProcess(graph.kind[m] ?? 0)).length;
  const closed = kind === 'workflow' && !stack && members.length > 1;
  const cached = alike.filter((member) => graph.cached[member] === 1).length;
  const allCached = cached === alike.length;
  const words = [
    stack ? '' : callLabel,
    ...(stack ? [] : [state === null ? '' : stateWords[state]]),
    stack ? states.map(({ state: s, count }) => `${count} ${stateWords[s].toLowerCase()}`).join(', ') : '',
    cached === 0 ? '' : allCached ? fromCache : `${cached} ${fromCache}`,
    closed ? `${inside} inside` : '',
    stack ? '' : summary,
  ];
  const note = [...new Set(words)].filter((word) => word !== '').join(' · ');
  const chipRow = marks.reduce((sum, chip) => sum + chip.width + inner.chipGap, marks.length === 0 ? 0 : 12);
  const text = Math.max(textWidth(title, type.title, 550), textWidth(note, type.note));
  const toggle = closed || stack ? inner.toggle : 0;
  const wanted = Math.max(inner.pad * 2 + inner.glyph + inner.gap + text + toggle, chipRow + 2 * inner.gap);
  return {
    kind,
    state: stack ? worst(states) : state,
    title,
    note,
    chips: marks,
    members: members.length,
    states,
    stack,
    cached,
    allCached,
    closed,
    width: even(Math.min(most.card, Math.max(least.card, wanted))),
    height: inner.card + (marks.length === 0 ? 0 : inner.chips),
    titleWidth: even(
      inner.pad * 2 +
        inner.glyph +
        inner.gap * 3 +
        textWidth(title, type.title, 550) +
        textWidth(note, type.note) +
        chipRow +
        inner.toggle,
    ),
  };
}

function dataFace(kind: NodeKind, name: string, summary: string): Face {
  const gap = summary === '' ? 0 : 6;
  const text = textWidth(name, type.data, 550) + gap + textWidth(summary, type.data);
  const wanted = inner.pad + inner.dot + 7 + text + inner.pad + 2;
  const width = even(Math.min(most.pill, Math.max(least.pill, wanted)));
  return {
    kind,
    state: null,
    title: name,
    note: summary,
    chips: [],
    members: 1,
    states: [],
    stack: false,
    cached: 0,
    allCached: false,
    closed: false,
    width,
    height: inner.pill,
    titleWidth: width,
  };
}

/** The processes that were called from outside of what they are merged into: one, or the members of a stack. */
function topMembers(view: View, node: number, members: readonly number[]): readonly number[] {
  if (members.length === 1) return members;
  const { graph } = view.folded;
  const { caller } = graphIndex(graph);
  return members.filter((member) => {
    if (isData(graph.kind[member] as number)) return false;
    const above = caller[member] as number;
    return above === -1 || headOf(view.folded, above) !== node;
  });
}

function histogram(view: View, nodes: readonly number[]): { state: DisplayState; count: number }[] {
  const { graph } = view.folded;
  return displayStates
    .map((state, s) => ({ state, count: nodes.filter((node) => graph.state[node] === s).length }))
    .filter(({ count }) => count > 0);
}

/** The state that a person has to know of first. */
function worst(states: readonly { readonly state: DisplayState }[]): DisplayState | null {
  const grave = [
    'excepted',
    'failed',
    'killed',
    'paused',
    'running',
    'waiting',
    'created',
    'finished',
  ] as const;
  return grave.find((state) => states.some((entry) => entry.state === state)) ?? null;
}

/** The label of the call link to each drawn process, but for AiiDA's default, which says nothing. */
function callLabels(view: View): string[] {
  const { graph } = view.folded;
  const labels = Array.from(view.node, () => '');
  for (let link = 0; link < graph.to.length; link++) {
    const at = view.shownBy[graph.to[link] ?? 0] ?? -1;
    const label = graph.linkLabel[link] ?? '';
    if (
      at === -1 ||
      !isCall(graph.linkType[link] ?? 0) ||
      view.node[at] !== graph.to[link] ||
      label === 'CALL'
    )
      continue;
    // A process function is called by its own name, which stands above already.
    if (label !== graph.name[graph.to[link] ?? 0]) labels[at] = label;
  }
  return labels;
}

/**
 * The chips of a process. Its code is named; data that others take too is named where it is the only such, else counted
 * with the private inputs: three chips at most, so that processes stay narrow.
 */
function faceChips(view: View, chips: readonly Chip[], shownInside: ReadonlySet<number>): FaceChip[] {
  const { graph } = view.folded;
  const isCode = (chip: Chip): boolean => graph.kind[chip.data[0] ?? 0] === Kind.code;
  const named = (chip: Chip): FaceChip => {
    const node = chip.data[0] ?? 0;
    const summary = graph.summary[node] ?? '';
    const kind = nodeKinds[graph.kind[node] ?? 0] ?? 'unknown';
    return mark(
      chip.side,
      clip(isCode(chip) || summary === '' ? (graph.name[node] ?? '') : summary),
      kind,
      chip.data,
    );
  };
  // What a process inside takes is told there.
  const own = chips.filter((chip) => chip.kind === 'private' || !shownInside.has(chip.data[0] ?? -1));
  const hubs = own.filter((chip) => chip.kind === 'hub' && !isCode(chip));
  const codes = own.filter((chip) => chip.kind === 'hub' && isCode(chip));
  const oneHub = hubs.length === 1 && codes.length < 2;
  const counted = [...own.filter((chip) => chip.kind === 'private'), ...(oneHub ? [] : hubs)];
  const count = (side: 'in' | 'out'): FaceChip[] => {
    const data = counted.filter((chip) => chip.side === side).flatMap((chip) => chip.data);
    if (data.length === 0) return [];
    return [
      mark(
        side,
        `${data.length} ${side === 'in' ? 'input' : 'output'}${data.length === 1 ? '' : 's'}`,
        null,
        data,
      ),
    ];
  };
  const shownCodes = codes.length > 2 ? codes.slice(0, 1) : codes;
  const more = codes.slice(shownCodes.length).flatMap((chip) => chip.data);
  return [
    ...count('in'),
    ...(oneHub ? hubs.map(named) : []),
    ...shownCodes.map(named),
    ...(more.length === 0 ? [] : [mark('in', `+${more.length}`, 'code', more)]),
    ...count('out'),
  ];
}

const clip = (words: string): string => (words.length > 16 ? `${words.slice(0, 15)}…` : words);

function mark(side: 'in' | 'out', words: string, kind: NodeKind | null, data: readonly number[]): FaceChip {
  const glyph = kind === null ? 0 : 11;
  return { side, words, kind, data, width: textWidth(words, type.chip) + glyph + 2 * inner.chipPad };
}

/** Whole multiples of 4, so that small changes of a text do not move the drawing. */
const even = (width: number): number => Math.ceil(width / 4) * 4;
