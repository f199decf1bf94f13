import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { displayStates } from '#shared/process/states.ts';
import { nodeKinds } from '#shared/provenance/node-types.ts';
import {
  contrast,
  deuteranopia,
  distance,
  parseOklch,
  plain,
  type Oklch,
} from '../support/renderer/colour.ts';

const tokens = readFileSync(join(import.meta.dirname, '../../src-renderer/design/tokens.css'), 'utf8');

/** The colours of one block of tokens.css. */
function theme(selector: string): ReadonlyMap<string, Oklch> {
  const start = tokens.indexOf(`${selector} {\n  color-scheme`);
  const block = tokens.slice(start, tokens.indexOf('\n}', start));
  const found = [...block.matchAll(/(--[\w-]+): (oklch\([^/)]*\));/g)];
  return new Map(found.map(([, name = '', value = '']) => [name, parseOklch(value)]));
}

const themes = { light: theme(':root'), dark: theme(":root[data-theme='dark']") };
const surfaces = ['base', 'panel', 'raised', 'hover', 'sunken'].map((name) => `--surface-${name}`);

describe.each(Object.entries(themes))('the %s theme', (_name, colours) => {
  const of = (name: string): Oklch => {
    const colour = colours.get(name);
    if (colour === undefined) throw new Error(`tokens.css has no ${name}`);
    return colour;
  };

  it('has every colour of the other theme', () => {
    expect([...colours.keys()].toSorted()).toEqual([...themes.light.keys()].toSorted());
  });

  it.each([
    '--text',
    '--text-soft',
    '--text-faint',
    '--accent',
    '--tone-danger',
    '--tone-warning',
    '--tone-info',
  ])('writes %s with at least 4.5:1 on every surface', (name) => {
    for (const surface of surfaces) {
      expect(contrast(of(name), of(surface)), `${name} on ${surface}`).toBeGreaterThanOrEqual(4.5);
    }
  });

  it('writes on a selected row with at least 4.5:1', () => {
    for (const name of ['--text', '--text-soft', '--text-faint', '--accent']) {
      for (const surface of ['--surface-selected', '--surface-selected-quiet', '--accent-tint']) {
        expect(contrast(of(name), of(surface)), `${name} on ${surface}`).toBeGreaterThanOrEqual(4.5);
      }
    }
  });

  it('writes on filled buttons with at least 4.5:1', () => {
    for (const fill of [
      '--accent-fill',
      '--accent-fill-hover',
      '--tone-danger-fill',
      '--tone-danger-fill-hover',
    ]) {
      expect(contrast(of('--text-on-accent'), of(fill)), fill).toBeGreaterThanOrEqual(4.5);
    }
  });

  it('draws what can be operated, and the focus, with at least 3:1', () => {
    for (const surface of surfaces) {
      for (const name of ['--line-control', '--focus']) {
        expect(contrast(of(name), of(surface)), `${name} on ${surface}`).toBeGreaterThanOrEqual(3);
      }
    }
  });

  it.each(displayStates)('writes the state %s with at least 4.5:1, also on its own tint', (state) => {
    const colour = of(`--state-${state}`);
    for (const surface of [
      '--surface-base',
      '--surface-panel',
      '--surface-raised',
      `--state-${state}-tint`,
    ]) {
      expect(contrast(colour, of(surface)), surface).toBeGreaterThanOrEqual(4.5);
    }
  });

  it.each(nodeKinds)('draws the kind %s with at least 3:1', (kind) => {
    for (const surface of ['--surface-panel', '--surface-base', '--graph-ground', `--kind-${kind}-tint`]) {
      expect(contrast(of(`--kind-${kind}`), of(surface)), surface).toBeGreaterThanOrEqual(3);
    }
  });

  // A just noticeable difference is about 0.02 on this scale.
  it.each([
    ['states and the accent', [...displayStates.map((state) => `--state-${state}`), '--accent']],
    ['kinds', nodeKinds.map((kind) => `--kind-${kind}`)],
  ])('tells %s apart with normal sight and with deuteranopia', (_what, names) => {
    for (const [i, a] of names.entries()) {
      for (const b of names.slice(i + 1)) {
        for (const sight of [plain, deuteranopia]) {
          expect(distance(of(a), of(b), sight), `${a} and ${b}`).toBeGreaterThan(0.06);
        }
      }
    }
  });
});
