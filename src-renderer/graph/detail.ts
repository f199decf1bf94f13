/** What is drawn at a zoom. The steps are where things become too small to be read or to be told apart. */
export interface Detail {
  readonly zoom: number;
  /** `all`: everything a face says. `names`: its title, as large as fits. `none`: boxes. */
  readonly text: 'all' | 'names' | 'none';
  readonly labels: boolean;
  readonly heads: boolean;
  readonly dashes: boolean;
  /** Curves, or straight lines from end to end. */
  readonly curves: boolean;
  /** Boxes with outlines, or bare rectangles. */
  readonly outlines: boolean;
}

/** @param drawn how many nodes there are: large drawings save earlier */
export function detailAt(zoom: number, drawn: number): Detail {
  const heavy = drawn > 3000 ? 2 : 1;
  return {
    zoom,
    text: zoom >= 0.7 ? 'all' : zoom >= 0.18 * heavy ? 'names' : 'none',
    labels: zoom >= 0.7,
    heads: zoom >= 0.4,
    dashes: zoom >= 0.2 && heavy === 1,
    curves: zoom >= 0.06 * heavy,
    outlines: zoom >= 0.12 * heavy,
  };
}

/** Full detail whatever the zoom, for a file that can be enlarged. */
export const fullDetail: Detail = { ...detailAt(1, 0), zoom: 1 };
