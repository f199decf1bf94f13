import { describe, expect, it } from 'vitest';
import { familiesOf, typeTree, type TypeItem } from '#renderer/model/type-tree.ts';

const counts = (pairs: Readonly<Record<string, number>>) =>
  Object.entries(pairs).map(([nodeType, count]) => ({ nodeType, processType: '', count }));
const outline = (item: TypeItem): unknown =>
  item.children.length === 0
    ? `${item.name} ${item.count}`
    : { [`${item.name} ${item.count}`]: item.children.map(outline) };

const core = counts({
  'data.core.int.Int.': 3,
  'data.core.array.ArrayData.': 1,
  'data.core.array.bands.BandsData.': 2,
  'process.calculation.calcjob.CalcJobNode.': 4,
  'process.workflow.workchain.WorkChainNode.': 5,
});

describe('the tree of node types', () => {
  it('shows classes below their families, without steps that have no choice', () => {
    expect(outline(typeTree(core, 'data.'))).toEqual({
      'All data 6': [{ 'array 3': ['ArrayData 1', 'BandsData 2'] }, 'Int 3'],
    });
  });

  it('keeps the packages apart where there are several', () => {
    const tree = typeTree([...core, ...counts({ 'data.pseudo.upf.UpfData.': 7 })], 'data.');
    expect(tree.children.map(({ name, count }) => `${name} ${count}`)).toEqual(['core 6', 'UpfData 7']);
  });

  it('calls the families of all nodes by their words', () => {
    expect(outline(typeTree(core, ''))).toEqual({
      'All nodes 15': [
        { 'Data 6': [{ 'array 3': ['ArrayData 1', 'BandsData 2'] }, 'Int 3'] },
        { 'Processes 9': ['CalcJobNode 4', 'WorkChainNode 5'] },
      ],
    });
  });

  it('gives prefixes that stand for exactly what is counted', () => {
    const walk = (item: TypeItem): void => {
      const sum = core.reduce(
        (total, { nodeType, count }) => (nodeType.startsWith(item.prefix) ? total + count : total),
        0,
      );
      expect([item.prefix, item.count]).toEqual([item.prefix, sum]);
      item.children.forEach(walk);
    };
    walk(typeTree(core, ''));
    expect([...familiesOf(typeTree(core, 'data.'))]).toEqual(['data.', 'data.core.array.']);
  });

  it('is only a root where there is nothing', () => {
    expect(typeTree([], 'data.')).toEqual({ prefix: 'data.', name: 'All data', count: 0, children: [] });
  });
});
