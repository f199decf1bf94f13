import { describe, expect, it, test } from 'vitest';
import type { NodeDetail } from '#shared/contract/areas/nodes.ts';
import {
  keyProblem,
  peoplesExtras,
  readExtra,
  readOnlyKey,
} from '#renderer/features/data/node/extra-text.ts';
import { firstNodeTab, nodeTabs } from '#renderer/features/data/node/node-tabs.ts';
import { viewerOf } from '#renderer/viewers/registry.ts';

function node(nodeType: string, changes: Partial<NodeDetail> = {}): NodeDetail {
  return {
    ref: {
      uuid: '00000000-0000-4000-8000-000000000001',
      pk: 1,
      kind: 'data',
      nodeType,
      name: 'x',
      summary: '',
      state: null,
      ctime: 0,
    },
    label: '',
    description: '',
    processType: '',
    user: 'ada@example.org',
    computer: '',
    computerUuid: '',
    mtime: 0,
    attributes: '{"value": 5}',
    extras: '{}',
    files: [],
    incoming: [],
    outgoing: [],
    moreIncoming: 0,
    moreOutgoing: 3,
    groups: [],
    comments: [],
    ...changes,
  };
}
const file = (path: string) => ({ path, kind: 'file', size: 1, hash: '' }) as const;
const tabsOf = (one: NodeDetail) => nodeTabs(one, viewerOf(one.ref.nodeType));
const namesOf = (one: NodeDetail) =>
  tabsOf(one).map(({ label, count }) => (count === undefined ? label : `${label} ${count}`));
const first = (one: NodeDetail) => firstNodeTab(one, tabsOf(one));

describe('the tabs of a node', () => {
  it('begin with what it holds', () => {
    expect(namesOf(node('data.core.int.Int.'))).toEqual([
      'Value',
      'Provenance 3',
      'Attributes 1',
      'Extras 0',
      'Comments 0',
    ]);
    expect(first(node('data.core.int.Int.'))).toBe('value');
  });

  it('do not show the same twice', () => {
    expect(namesOf(node('data.core.dict.Dict.'))[1]).toBe('Provenance 3');
    expect(namesOf(node('data.core.dict.Dict.'))).not.toContain('Attributes 1');
    const single = node('data.core.singlefile.SinglefileData.', { files: [file('a.txt')] });
    expect(namesOf(single).filter((name) => name.startsWith('File'))).toEqual(['File']);
  });

  it('of a folder are its files, even without any', () => {
    expect(first(node('data.core.folder.FolderData.'))).toBe('files');
    expect(namesOf(node('data.core.folder.FolderData.', { files: [file('a'), file('b')] }))[0]).toBe(
      'Files 2',
    );
  });

  it('of a type without viewer begin with the files, else with the attributes', () => {
    expect(first(node('data.strange.Thing.'))).toBe('attributes');
    expect(first(node('data.strange.Thing.', { files: [file('a')] }))).toBe('files');
  });

  it('bear attributes that are no object', () => {
    expect(namesOf(node('data.strange.Thing.', { attributes: 'nonsense' }))).toContain('Attributes');
  });
});

describe('an extra that a person types', () => {
  it('is JSON where it is JSON, and else a text', () => {
    expect(readExtra(' 5 ')).toEqual({ kind: 'value', value: 5 });
    expect(readExtra('true')).toEqual({ kind: 'value', value: true });
    expect(readExtra('[1, 2]')).toEqual({ kind: 'value', value: [1, 2] });
    expect(readExtra('looks good')).toEqual({ kind: 'value', value: 'looks good' });
    expect(readExtra('2026-03-04')).toEqual({ kind: 'value', value: '2026-03-04' });
  });

  it('is not quietly a text where a bracket is missing', () => {
    expect(readExtra('[1, 2').kind).toBe('error');
    expect(readExtra('{"a": }').kind).toBe('error');
    expect(readExtra('"open').kind).toBe('error');
  });

  it('needs a value, and null is none', () => {
    expect(readExtra('  ').kind).toBe('error');
    expect(readExtra('null').kind).toBe('error');
  });

  it('has a key without dots that is not taken and not of AiiDA', () => {
    expect(keyProblem('reviewed', [])).toBe('');
    expect(keyProblem('a.b', [])).toMatch(/no dots/);
    expect(keyProblem('_aiida_hash', [])).toMatch(/belong to AiiDA/);
    expect(keyProblem('reviewed', ['reviewed'])).toMatch(/There is an extra/);
    expect(readOnlyKey('_aiida_hash')).toBe(true);
  });
});

test('extras that the store keeps for itself are not shown as what people added', () => {
  expect(peoplesExtras('{"rank": 1.0, "_aiida_hash": "ab", "tag": "x"}')).toBe('{"rank": 1.0, "tag": "x"}');
  expect(peoplesExtras('{"_aiida_hash": "ab"}')).toBe('{}');
  expect(peoplesExtras('{"rank": 1}')).toBe('{"rank": 1}');
  expect(peoplesExtras('[1]')).toBe('[1]');
});
