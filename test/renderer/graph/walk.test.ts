import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { neighbourhood, spoken } from '#renderer/graph/neighbourhood.ts';
import type { Scene } from '#renderer/graph/scene.ts';
import { step } from '#renderer/graph/walk.ts';
import { everyKind, hub, multiplyAdd } from '../../support/graphs/examples.ts';
import { anyProvenance } from '../../support/graphs/random.ts';
import { sceneFrom } from '../../support/graphs/scenes.ts';

const find = (scene: Scene, words: string): number =>
  scene.faces.findIndex((face) => `${face.title} ${face.note}`.startsWith(words));

describe('walking by arrow keys', () => {
  test('goes left to an input and right to an output', () => {
    const scene = sceneFrom(multiplyAdd());
    const add = find(scene, 'ArithmeticAdd');
    expect(scene.faces[step(scene, add, 'left')]?.note).toMatch(/^[46]$/);
    expect(scene.faces[step(scene, find(scene, 'Int 6'), 'left')]?.title).toBe('multiply');
    expect(scene.faces[step(scene, find(scene, 'multiply'), 'right')]?.note).toBe('6');
  });

  test('goes down into a frame and up to its title again', () => {
    const scene = sceneFrom(everyKind());
    const inner = find(scene, 'InnerWorkChain');
    const inside = step(scene, inner, 'down');
    expect(scene.layout.parent[inside]).toBe(inner);
    expect(step(scene, inside, 'up')).toBe(inner);
  });

  test('goes down and up among siblings, and back to where it began', () => {
    const scene = sceneFrom(everyKind());
    const running = find(scene, 'Runrunning');
    const waiting = step(scene, running, 'down');
    expect(scene.faces[waiting]?.title).toBe('RunwaitingCalculation');
    expect(step(scene, waiting, 'up')).toBe(running);
  });

  test('goes along lines that are there, and never to where it is', () => {
    fc.assert(
      fc.property(anyProvenance, fc.constantFrom('left', 'right', 'up', 'down'), (graph, direction) => {
        const scene = sceneFrom(graph);
        for (let at = 0; at < scene.faces.length; at++) {
          const next = step(scene, at, direction);
          expect(next).not.toBe(at);
          if (next === -1 || direction === 'up' || direction === 'down') continue;
          const [from, to] = direction === 'left' ? [next, at] : [at, next];
          expect(
            [...scene.view.from.keys()].some((l) => scene.view.from[l] === from && scene.view.to[l] === to),
          ).toBe(true);
        }
      }),
      { numRuns: 40 },
    );
  });
});

describe('the words of a node', () => {
  test('tell kind, state, stacks, chips and what is hidden', () => {
    const scene = sceneFrom(hub());
    expect(spoken(scene, find(scene, '300 ×'))).toBe(
      '300 × PwCalculation, stack of calculations, 7 running, 280 finished, 13 failed, uses pw-7.3@daint, 280 outputs, 300 more incoming links',
    );
    expect(spoken(scene, find(scene, 'StructureData SiO2'))).toBe('StructureData, data, SiO2');
  });

  test('of its neighbours begin with the inputs and name the links', () => {
    const scene = sceneFrom(multiplyAdd());
    const near = neighbourhood(scene, find(scene, 'ArithmeticAdd'));
    expect(near.map(({ relation, label }) => `${relation} ${label}`)).toEqual([
      'input y',
      'input x',
      'output remote_folder',
      'output retrieved',
      'output sum',
      'caller add',
    ]);
  });

  test('say nothing twice, whatever is closed', () => {
    const closed = new Set([multiplyAdd().uuid[0] ?? '']);
    const scenes = [sceneFrom(multiplyAdd(), { closed })];
    for (const scene of scenes) {
      for (let at = 0; at < scene.faces.length; at++) {
        const said = neighbourhood(scene, at).map((each) => `${each.relation} ${each.at} ${each.label}`);
        expect(new Set(said).size).toBe(said.length);
      }
    }
    fc.assert(
      fc.property(anyProvenance, (graph) => {
        const workflows = new Set(graph.uuid.filter((_, node) => graph.nodeType[node]?.includes('workflow')));
        const scene = sceneFrom(graph, { closed: workflows });
        for (let at = 0; at < scene.faces.length; at++) {
          const said = neighbourhood(scene, at).map((each) => `${each.relation} ${each.at} ${each.label}`);
          expect(new Set(said).size).toBe(said.length);
        }
      }),
      { numRuns: 40 },
    );
  });
});
