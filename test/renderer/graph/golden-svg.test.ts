import { describe, expect, test } from 'vitest';
import type { GraphPart } from '#shared/contract/areas/nodes.ts';
import { noState } from '#shared/graph/columns.ts';
import { cachedGlyph } from '#renderer/design/glyphs.ts';
import { fromCache } from '#renderer/graph/face.ts';
import { inferredDash } from '#renderer/graph/line-style.ts';
import { neighbourhood, spoken } from '#renderer/graph/neighbourhood.ts';
import { exportSvg } from '#renderer/graph/export-svg.ts';
import { paletteOf } from '#renderer/graph/theme.ts';
import { everyKind, hub, multiplyAdd, restarts, singleCalculation } from '../../support/graphs/examples.ts';
import { sceneFrom } from '../../support/graphs/scenes.ts';

// Colours are written as the names of their tokens, so that a change of the palette leaves these files alone.
const palette = paletteOf((property) => property);

const drawings: Readonly<Record<string, () => ReturnType<typeof sceneFrom>>> = {
  'single-calculation': () => sceneFrom(singleCalculation()),
  'from-the-cache': () => sceneFrom(copied(singleCalculation())),
  'multiply-add': () => sceneFrom(multiplyAdd()),
  'multiply-add-workflows-as-nodes': () => sceneFrom(multiplyAdd(), {}, 'nodes'),
  'restarts-logical': () => sceneFrom(restarts(4), { level: 'logical' }),
  'hub-with-500-users': () => sceneFrom(hub()),
  'every-kind': () => sceneFrom(everyKind()),
  'closed-workflow': () => closed(everyKind(), 'OuterWorkChain'),
};

/** Every process of it was taken from the cache. */
const copied = (graph: GraphPart): GraphPart => ({
  ...graph,
  cached: graph.state.map((state) => Number(state !== noState)),
});

function closed(graph: GraphPart, name: string): ReturnType<typeof sceneFrom> {
  const uuid = graph.uuid[graph.name.indexOf(name)] ?? '';
  return sceneFrom(graph, { root: uuid, closed: new Set([uuid]) });
}

describe('the exported file', () => {
  for (const [name, scene] of Object.entries(drawings)) {
    test(`of ${name} is drawn as it was when a person last looked at it`, async () => {
      const svg = exportSvg(scene(), palette, { title: name });
      await expect(svg).toMatchFileSnapshot(`./golden/${name}.svg`);
    });
  }

  test('marks what was taken from the cache by a shape and in words, also for those who hear it', () => {
    const scene = sceneFrom(copied(singleCalculation()));
    const at = scene.faces.findIndex(({ kind }) => kind === 'calculation');
    expect(scene.faces[at]).toMatchObject({ cached: 1, note: expect.stringContaining(fromCache) });
    expect(spoken(scene, at)).toContain(fromCache);
    expect(exportSvg(scene, palette, { title: 'a copy' })).toContain(cachedGlyph);
    expect(exportSvg(sceneFrom(singleCalculation()), palette, { title: 'no copy' })).not.toContain(
      cachedGlyph,
    );
  });

  test('draws what no system recorded with a dash of its own, and reads it out', () => {
    const graph = singleCalculation();
    const inferred = sceneFrom({ ...graph, linkInferred: graph.linkInferred.map(() => 1) });
    const dash = `stroke-dasharray="${inferredDash.join(' ')}"`;
    expect(exportSvg(inferred, palette, { title: 'inferred' })).toContain(dash);
    expect(exportSvg(sceneFrom(graph), palette, { title: 'recorded' })).not.toContain(dash);
    const at = inferred.faces.findIndex(({ kind }) => kind === 'calculation');
    expect(neighbourhood(inferred, at).map((near) => near.inferred)).not.toContain(false);
    expect(neighbourhood(sceneFrom(graph), at).map((near) => near.inferred)).not.toContain(true);
  });

  test('holds names that are markup as text', () => {
    const graph = singleCalculation();
    const evil = { ...graph, name: graph.name.map(() => '<script>alert(1)</script>&"\u0000') };
    const svg = exportSvg(sceneFrom(evil), palette, { title: '<b>&' });
    expect(svg).not.toContain('<script');
    expect(svg).toContain('<title>&lt;b&gt;&amp;</title>');
    expect(svg).not.toContain('\u0000');
  });
});
