import type { DisplayState } from '#shared/process/states.ts';
import type { NodeKind } from '#shared/provenance/node-types.ts';

/** The colours of a drawing: values of the tokens of the same name (see design/tokens.css), as CSS writes them. */
export interface Theme {
  readonly ground: string;
  readonly panel: string;
  readonly text: string;
  readonly textSoft: string;
  readonly textFaint: string;
  readonly line: string;
  readonly lineStrong: string;
  readonly accent: string;
  readonly focus: string;
  readonly linkInput: string;
  readonly linkCreate: string;
  readonly linkReturn: string;
  readonly linkCall: string;
  readonly back: string;
  readonly forward: string;
  readonly info: string;
  readonly infoTint: string;
}

export interface Palette extends Theme {
  readonly kind: Readonly<Record<NodeKind, string>>;
  readonly kindTint: Readonly<Record<NodeKind, string>>;
  readonly state: Readonly<Record<DisplayState, string>>;
  readonly stateTint: Readonly<Record<DisplayState, string>>;
  /** The families of the two faces, as the property `font-family` takes them. */
  readonly sans: string;
}

const tokens = {
  ground: '--graph-ground',
  panel: '--surface-panel',
  text: '--text',
  textSoft: '--text-soft',
  textFaint: '--text-faint',
  line: '--line',
  lineStrong: '--line-strong',
  accent: '--accent',
  focus: '--focus',
  linkInput: '--link-input',
  linkCreate: '--link-create',
  linkReturn: '--link-return',
  linkCall: '--link-call',
  back: '--lineage-back',
  forward: '--lineage-forward',
  info: '--tone-info',
  infoTint: '--tone-info-tint',
} as const satisfies Record<keyof Theme, string>;

/** Reads the palette from wherever custom properties are known: an element's computed style, or a file of tokens. */
export function paletteOf(value: (property: string) => string): Palette {
  const read = (property: string): string => value(property).trim();
  const byKind = (suffix: string): Record<NodeKind, string> => ({
    data: read(`--kind-data${suffix}`),
    code: read(`--kind-code${suffix}`),
    calculation: read(`--kind-calculation${suffix}`),
    workflow: read(`--kind-workflow${suffix}`),
    unknown: read(`--kind-unknown${suffix}`),
  });
  const byState = (suffix: string): Record<DisplayState, string> => ({
    created: read(`--state-created${suffix}`),
    running: read(`--state-running${suffix}`),
    waiting: read(`--state-waiting${suffix}`),
    paused: read(`--state-paused${suffix}`),
    finished: read(`--state-finished${suffix}`),
    failed: read(`--state-failed${suffix}`),
    excepted: read(`--state-excepted${suffix}`),
    killed: read(`--state-killed${suffix}`),
  });
  const theme = Object.fromEntries(Object.entries(tokens).map(([key, token]) => [key, read(token)]));
  return {
    ...(theme as Record<keyof Theme, string>),
    kind: byKind(''),
    kindTint: byKind('-tint'),
    state: byState(''),
    stateTint: byState('-tint'),
    sans: read('--font-sans'),
  };
}
