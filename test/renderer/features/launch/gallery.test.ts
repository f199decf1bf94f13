import { expect, test } from 'vitest';
import { countRuns, glanceOf, searchSpecs, sortSpecs } from '#renderer/features/launch/model/gallery.ts';
import { nodeAsText } from '#renderer/features/launch/form/node-as-text.ts';
import type { NodeDetail } from '#shared/contract/areas/nodes.ts';
import { namespace, port, specOf } from './spec.ts';

const add = specOf(
  { code: port(['code']), x: port(['int', 'float']), note: port(['str'], { defaultValue: '' }) },
  { id: 'core.add', processType: 'aiida.calculations:core.add', summary: 'Adds.' },
);
const shell = specOf(
  { nodes: namespace({}, ['data']) },
  { id: 'core.shell', processType: 'aiida.calculations:core.shell', summary: 'Any command.' },
);
const band = specOf({}, { id: 'qe.bands', kind: 'workflow', processType: 'aiida.workflows:qe.bands' });

test('a process is shown with its inputs, the required ones first, then what may have any name', () => {
  expect(glanceOf(add).map(({ name, type, required }) => [name, type, required])).toEqual([
    ['code', 'code', true],
    ['x', 'number', true],
    ['note', 'text', false],
  ]);
  expect(glanceOf(shell)).toEqual([{ name: 'nodes.*', type: 'any data', required: false }]);
});

test('the last launched stands first, then what ran most, then the names', () => {
  const runs = countRuns([
    { processType: shell.processType, count: 3 },
    { processType: shell.processType, count: 2 },
    { processType: '', count: 900 },
  ]);
  expect(sortSpecs([band, add, shell], [], runs).map(({ id }) => id)).toEqual([
    'core.shell',
    'core.add',
    'qe.bands',
  ]);
  expect(sortSpecs([band, add, shell], ['qe.bands'], runs)[0]?.id).toBe('qe.bands');
});

test('a search finds by id, label, kind and description', () => {
  const found = (words: string) => searchSpecs([band, add, shell], words).map(({ id }) => id);
  expect(found('shell')).toEqual(['core.shell']);
  expect(found('workflow')).toEqual(['qe.bands']);
  expect(found('command')).toEqual(['core.shell']);
  expect(found('nothing like it')).toEqual([]);
});

test('a stored value can be written anew without losing what it is', () => {
  const of = (nodeType: string, attributes: string) =>
    nodeAsText({ ref: { nodeType }, attributes } as unknown as NodeDetail);
  expect(of('data.core.float.Float.', '{"value": 2.0}')).toEqual({ editor: 'number', text: '2.0' });
  expect(of('data.core.str.Str.', '{"value": "a \\"b\\""}')).toEqual({ editor: 'str', text: 'a "b"' });
  expect(of('data.core.bool.Bool.', '{"value": false}')).toEqual({ editor: 'bool', text: 'false' });
  expect(of('data.core.dict.Dict.', '{"a": {"b": 1.0}, "c": []}')).toEqual({
    editor: 'dict',
    text: '{\n  "a": {\n    "b": 1.0\n  },\n  "c": []\n}',
  });
  expect(of('data.core.structure.StructureData.', '{}')).toBeNull();
});
