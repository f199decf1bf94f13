import { expect, test } from 'vitest';
import { SealedNodes } from './sealed-nodes.ts';

test('of thousands of nodes the one that changed and the one that is gone are found, and each is told once', () => {
  const nodes = new SealedNodes();
  const look = (content: (id: number) => string | null): readonly string[] => {
    nodes.begin();
    const told: string[] = [];
    for (let id = 1; id <= 5000; id++) {
      const text = content(id);
      if (text !== null && nodes.see(id, text) === 'changed') told.push(`${id} changed`);
    }
    for (const id of nodes.gone()) told.push(`${id} gone`);
    return told;
  };
  // half of them come later
  expect(look((id) => (id % 2 === 0 ? `node ${id}` : null))).toEqual([]);
  expect(look((id) => `node ${id}`)).toEqual([]);
  expect(look((id) => (id === 4711 ? null : id === 1234 ? 'another' : `node ${id}`))).toEqual([
    '1234 changed',
    '4711 gone',
  ]);
  expect(look((id) => (id === 4711 ? null : id === 1234 ? 'another' : `node ${id}`))).toEqual([]);
});

test('a node is new once', () => {
  const nodes = new SealedNodes();
  nodes.begin();
  expect(nodes.see(7, 'as it is')).toBe('new');
  nodes.begin();
  expect(nodes.see(7, 'as it is')).toBe('same');
  expect([...nodes.gone()]).toEqual([]);
});
