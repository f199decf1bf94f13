import { strokesOf } from '#renderer/design/keys.ts';

export type KeyOutcome =
  { readonly kind: 'run'; readonly id: string } | { readonly kind: 'pending' } | { readonly kind: 'none' };

/** Recognises bindings of several strokes. A pause ends a sequence that was begun. */
export class KeySequence {
  readonly #pauseMs: number;
  #strokes: string[] = [];
  #last = 0;

  constructor(pauseMs = 1200) {
    this.#pauseMs = pauseMs;
  }

  /** The strokes of a sequence that waits for its next one. */
  get pending(): readonly string[] {
    return this.#strokes;
  }

  /** @param bindings id and binding; the first that fits wins, so the nearest scope comes first */
  press(stroke: string, bindings: Iterable<readonly [string, string]>, now: number): KeyOutcome {
    if (now - this.#last > this.#pauseMs) this.#strokes = [];
    this.#last = now;
    const all = [...bindings].map(([id, binding]) => [id, strokesOf(binding)] as const);
    for (const strokes of [[...this.#strokes, stroke], [stroke]]) {
      const fits = all.filter(([, wanted]) => strokes.every((given, i) => wanted[i] === given));
      const whole = fits.find(([, wanted]) => wanted.length === strokes.length);
      if (whole !== undefined) {
        this.#strokes = [];
        return { kind: 'run', id: whole[0] };
      }
      if (fits.length > 0) {
        this.#strokes = strokes;
        return { kind: 'pending' };
      }
    }
    this.#strokes = [];
    return { kind: 'none' };
  }

  clear(): void {
    this.#strokes = [];
  }
}
