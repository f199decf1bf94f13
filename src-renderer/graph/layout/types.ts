/** What the layout needs to know of a graph: sizes and lines, no texts. Columns, so that it crosses to a worker cheaply. */
export interface LayoutGraph {
  /** Size of each node in pixels at zoom 1; for a workflow that becomes a frame, that of its title bar. */
  readonly width: Float32Array;
  readonly height: Float32Array;
  /** 1 for data: it has no frame and finds its own place. */
  readonly isData: Uint8Array;
  /** The workflow that called each process, or -1. */
  readonly caller: Int32Array;
  readonly from: Uint32Array;
  readonly to: Uint32Array;
  /** Codes of `Link`, or `flowLink`. */
  readonly type: Uint8Array;
  /** 1 for lines that need not be drawn where workflows are frames. */
  readonly implied: Uint8Array;
  /** Room that the label of each line asks for, in pixels. */
  readonly labelWidth: Float32Array;
  /** Where the node was before (its centre), so that it stays in place; NaN for new ones. */
  readonly seedX: Float32Array;
  readonly seedY: Float32Array;
  /** Frames around what workflows called, or workflows as nodes among the others, with call lines. */
  readonly workflows: 'frames' | 'nodes';
}

/** Where everything is, in pixels at zoom 1. The first corner of everything is (0, 0). */
export interface Layout {
  /** Top left corner and size of each node; of a frame, those of the whole frame. */
  readonly x: Float32Array;
  readonly y: Float32Array;
  readonly width: Float32Array;
  readonly height: Float32Array;
  /** For each node: 0 a node, n > 0 a frame with n - 1 frames around it. */
  readonly frame: Uint8Array;
  /** The frame around each node, or -1. */
  readonly parent: Int32Array;
  /**
   * The points of line j: `points[2 * routeStart[j]]` to `points[2 * routeStart[j + 1] - 1]`, as x, y, x, y …
   * From point to point goes a curve that is level at both ends. No points: the line is not drawn.
   */
  readonly routeStart: Uint32Array;
  readonly points: Float32Array;
  /** Where lines cross the border of a frame: x, y and the frame's node, three numbers each. */
  readonly gates: Float32Array;
  readonly right: number;
  readonly bottom: number;
  readonly algorithm: 'framed' | 'fast';
}

/** Distances in pixels at zoom 1. */
export const space = {
  /** Title bar of a frame, and what is between its border and its content. */
  title: 34,
  padX: 20,
  padTop: 12,
  padBottom: 18,
  /** Between nodes of a column, between lines that pass, between frames. */
  node: 18,
  line: 10,
  frame: 26,
  /** Between columns, at least and at most. */
  column: 42,
  columnMost: 150,
  /** Between parts that no line joins. */
  part: 48,
} as const;
