/** How much of the provenance is drawn: processes only, data and processes, or every node. */
export const levels = ['logical', 'data', 'full'] as const;
export type Level = (typeof levels)[number];

export const levelWords: Readonly<Record<Level, string>> = {
  logical: 'Processes',
  data: 'Processes and data',
  full: 'Every node',
};

/** What a person asked to see. Nodes are named by UUID, so that a wish outlives a reload and a larger part. */
export interface FoldSpec {
  readonly level: Level;
  /** The node that is looked at. It and its own inputs and outputs are never folded away by themselves. */
  readonly root: string;
  readonly up: number;
  readonly down: number;
  /** Data taken by at least so many processes becomes a chip at each; null draws hubs as nodes. */
  readonly hubsFrom: number | null;
  /** So many siblings become a stack; null draws each. */
  readonly stacksFrom: number | null;
  /** Nodes to be drawn whatever the operators say, and whatever their distance. */
  readonly opened: ReadonlySet<string>;
  /** Workflows that stand for all they called. */
  readonly closed: ReadonlySet<string>;
}

export const defaultFold = {
  level: 'data',
  up: 2,
  down: 2,
  hubsFrom: 4,
  stacksFrom: 6,
  opened: new Set<string>(),
  closed: new Set<string>(),
} as const satisfies Omit<FoldSpec, 'root'>;

/** A view with fewer nodes than this shows all data as nodes; in larger ones what is private becomes a count. */
export const smallView = 36;

/** More nodes than this are folded further, whatever was asked for: what is drawn shall be readable. */
export const drawnBudget = 2000;
