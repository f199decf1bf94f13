import { flowLink, Link } from '#shared/graph/columns.ts';
import type { Theme } from './theme.ts';

/** How lines of one type are drawn: colour, dash and head together, so that no two types share two of the three. */
export interface LineStyle {
  readonly colour: keyof Theme;
  readonly width: number;
  /** Lengths of strokes and gaps in pixels at zoom 1; empty for a line without gaps. */
  readonly dash: readonly number[];
  readonly head: 'filled' | 'open' | 'dot';
  readonly words: string;
}

const styles: readonly LineStyle[] = (() => {
  const out: LineStyle[] = [];
  out[Link.inputCalc] = {
    colour: 'linkInput',
    width: 1.4,
    dash: [],
    head: 'filled',
    words: 'input of a calculation',
  };
  out[Link.inputWork] = {
    colour: 'linkInput',
    width: 1.4,
    dash: [7, 4],
    head: 'open',
    words: 'input of a workflow',
  };
  out[Link.create] = {
    colour: 'linkCreate',
    width: 1.7,
    dash: [],
    head: 'filled',
    words: 'created by a calculation',
  };
  out[Link.return] = {
    colour: 'linkReturn',
    width: 1.7,
    dash: [7, 4],
    head: 'open',
    words: 'returned by a workflow',
  };
  out[Link.callCalc] = {
    colour: 'linkCall',
    width: 1.4,
    dash: [1.5, 3.5],
    head: 'dot',
    words: 'calls a calculation',
  };
  out[Link.callWork] = {
    colour: 'linkCall',
    width: 1.4,
    dash: [8, 3, 1.5, 3],
    head: 'dot',
    words: 'calls a workflow',
  };
  out[flowLink] = {
    colour: 'linkInput',
    width: 1.6,
    dash: [],
    head: 'filled',
    words: 'data from one process to the next',
  };
  return out;
})();

/** Of a code of `Link` or the flow; a type that is not known is drawn as a flow. */
export const lineStyle = (type: number): LineStyle => styles[type] ?? (styles[flowLink] as LineStyle);

/** The dash of a line that stands for a link which no system recorded, whatever its type. */
export const inferredDash: readonly number[] = [4, 3];

export const inferredWords = 'inferred, not recorded';

/** A line that stands for more is thicker, slowly: a flow of a hundred data is twice as wide as one of one. */
export const lineWidth = (type: number, carries: number): number =>
  lineStyle(type).width * (1 + Math.log10(Math.max(1, carries)) / 2);
