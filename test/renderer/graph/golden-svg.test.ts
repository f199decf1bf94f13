import { describe, expect, test } from 'vitest';
import type { GraphPart } from '#shared/contract/areas/nodes.ts';
import { exportSvg } from '#renderer/graph/export-svg.ts';
import { paletteOf } from '#renderer/graph/theme.ts';
import { everyKind, hub, multiplyAdd, restarts, singleCalculation } from '../../support/graphs/examples.ts';
import { sceneFrom } from '../../support/graphs/scenes.ts';

// Colours are written as the names of their tokens, so that a change of the palette leaves these files alone.
const palette = paletteOf((property) => property);

const drawings: Readonly<Record<string, () => ReturnType<typeof sceneFrom>>> = {
  'single-calculation': () => sceneFrom(singleCalculation()),
  'multiply-add': () => sceneFrom(multiplyAdd()),
  'multiply-add-workflows-as-nodes': () => sceneFrom(multiplyAdd(), {}, 'nodes'),
  'restarts-logical': () => sceneFrom(restarts(4), { level: 'logical' }),
  'hub-with-500-users': () => sceneFrom(hub()),
  'every-kind': () => sceneFrom(everyKind()),
  'closed-workflow': () => closed(everyKind(), 'OuterWorkChain'),
};

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

  test('holds names that are markup as text', () => {
    const graph = singleCalculation();
    const evil = { ...graph, name: graph.name.map(() => '<script>alert(1)</script>&"\u0000') };
    const svg = exportSvg(sceneFrom(evil), palette, { title: '<b>&' });
    expect(svg).not.toContain('<script');
    expect(svg).toContain('<title>&lt;b&gt;&amp;</title>');
    expect(svg).not.toContain('\u0000');
  });
});
