/** How long the frames of a drawing took that was moved, in milliseconds. */
export interface FrameFigures {
  /** From frame to frame while it moves. */
  readonly interval: readonly number[];
  /** Our own part of those frames: a slow drawing moves its last picture instead of painting anew. */
  readonly paint: readonly number[];
  /** Painting everything anew, as it is done when the movement ends. */
  readonly full: readonly number[];
}
