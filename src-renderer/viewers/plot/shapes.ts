/** What a part of a plot means, and so which colour it has on screen and on paper. */
export type Role = 'text' | 'soft' | 'grid' | 'frame' | 'ground' | 'level' | `series-${number}`;

/** A piece of a picture, in pixels. The same list is drawn on screen, on a canvas and into a file. */
export type Shape =
  | {
      readonly kind: 'path';
      readonly d: string;
      readonly stroke: Role | null;
      readonly fill: Role | null;
      readonly width: number;
      readonly dash: readonly number[];
      /** Of the fill. */
      readonly alpha: number;
      /** What belongs to the numbers and ends at the frame. */
      readonly clipped: boolean;
    }
  | {
      readonly kind: 'text';
      readonly text: string;
      readonly x: number;
      /** Of the baseline. */
      readonly y: number;
      readonly size: number;
      readonly role: Role;
      readonly align: 'start' | 'middle' | 'end';
      /** Written from below to above. */
      readonly turned: boolean;
      /** With an edge in the colour of the ground, so that it can be read across lines. */
      readonly edged: boolean;
    };

export interface Picture {
  readonly width: number;
  readonly height: number;
  /** Where the numbers are drawn. */
  readonly inner: { readonly x: number; readonly y: number; readonly w: number; readonly h: number };
  readonly shapes: readonly Shape[];
}

/** How wide the edge of an edged text is: half of it is seen. */
export const textEdge = 4;

type Path = Extract<Shape, { kind: 'path' }>;

/** A path with usual ink: nothing is stroked or filled unless it is said. @param d as in SVG, in px */
export const path = (d: string, ink: Partial<Omit<Path, 'kind' | 'd'>>): Path => ({
  kind: 'path',
  d,
  stroke: null,
  fill: null,
  width: 1,
  dash: [],
  alpha: 1,
  clipped: false,
  ...ink,
});

export const seriesCount = 6;

/** After the last colour comes the first again; {@link dashOf} tells them apart. */
export const seriesRole = (series: number): Role => `series-${series % seriesCount}`;
/** After all colours were used once, lines are dashed. */
export const dashOf = (series: number): readonly number[] => (series >= seriesCount ? [6, 3] : []);

const seriesTokens = [
  '--accent',
  '--kind-workflow',
  '--kind-data',
  '--state-excepted',
  '--state-waiting',
  '--kind-unknown',
] as const;

const tokens: Readonly<Record<string, string>> = {
  text: '--text',
  soft: '--text-soft',
  grid: '--line',
  frame: '--line-control',
  ground: '--surface-panel',
  level: '--text-faint',
};

/** The custom property of the page's theme. */
export const tokenOf = (role: Role): string =>
  tokens[role] ?? seriesTokens[Number(role.slice('series-'.length))] ?? '--text';

const seriesOnPaper = ['#3f2fb5', '#a5660a', '#0b6b50', '#9b1f66', '#21708f', '#6b7079'] as const;

const onPaper: Readonly<Record<string, string>> = {
  text: '#1c1f26',
  soft: '#474c57',
  grid: '#e2e4e9',
  frame: '#868b96',
  ground: '#ffffff',
  level: '#6b7079',
};

/** For a file: dark on white, whatever the theme, in a notation that every program knows. */
export const paperColour = (role: Role): string =>
  onPaper[role] ?? seriesOnPaper[Number(role.slice('series-'.length))] ?? '#000000';
