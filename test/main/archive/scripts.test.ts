import { describe, expect, test } from 'vitest';
import { aiidaScript, pythonLiteral } from '#main/archive/ways-out/script/aiida-script.ts';
import { launchFile } from '#main/archive/ways-out/script/launch-file.ts';
import type { StoredProcess } from '#main/provenance/read-api.ts';
import { readPyJson } from '#shared/provenance/python-json.ts';

const uuid = (n: number): string => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`;
const node = (n: number, kind: 'data' | 'code', name: string) => ({
  uuid: uuid(n),
  pk: n,
  kind,
  nodeType: 'data.core.int.Int.',
  name,
  summary: '5',
  state: null,
  ctime: 0,
});
const stored = (parts: {
  readonly processType: string;
  readonly kind?: 'calculation-job' | 'calculation-function';
  readonly attributes?: string;
}): StoredProcess =>
  ({
    row: {
      uuid: uuid(9),
      pk: 9,
      name: 'Pw"""\nimport os',
      kind: parts.kind ?? 'calculation-job',
      label: '',
      computer: 'c',
    },
    description: '',
    processType: parts.processType,
    attributes: parts.attributes ?? '{}',
    inputs: [
      { label: 'pw__code', type: 'input_calc', node: node(1, 'code', 'pw') },
      { label: 'pw__x', type: 'input_calc', node: node(2, 'data', 'x\nimport os  # "') },
    ],
  }) as unknown as StoredProcess;

describe('a script for AiiDA', () => {
  test('loads each input by its UUID in its namespace, with the options that were recorded', () => {
    const { text, needs } = aiidaScript(
      stored({
        processType: 'aiida.calculations:quantumespresso.pw',
        attributes:
          '{"resources": {"num_machines": 1}, "withmpi": true, "account": "a  # b", "queue_name": ""}',
      }),
    );
    expect(text).toContain('process = CalculationFactory("quantumespresso.pw")');
    expect(text).toContain(`    "pw": {\n        "code": orm.load_code("${uuid(1)}"),  # pw, 5\n`);
    expect(text).toContain('"account": "a  # b",\n');
    expect(text).toContain('"withmpi": True,\n');
    expect(text).not.toContain('queue_name');
    expect(needs.join()).toContain('quantumespresso.pw');
  });

  test('has no line that a name has written', () => {
    const { text } = aiidaScript(stored({ processType: 'm.f', kind: 'calculation-function' }));
    expect(text.split('\n').filter((line) => line.trimStart().startsWith('import os'))).toEqual([]);
    expect(text.match(/"""/g)).toHaveLength(2);
    expect(text).toContain('getattr(import_module("m"), "f")');
    expect(text).toContain('run_get_node(**inputs)');
  });

  test('writes JSON as Python has it', () => {
    const json = '{"a": [1, 1.0, 1e-07, 123456789012345678901, true, null], "b\\"": "\\u00e9\\n"}';
    expect(pythonLiteral(readPyJson(json))).toBe(
      '{"a": [1, 1.0, 1e-07, 123456789012345678901, True, None], "b\\"": "é\\n"}',
    );
  });
});

test('a file for stemma launch needs a plugin that runs it', () => {
  expect(() => launchFile(stored({ processType: 'x' }), null)).toThrow('No plugin here runs');
  const spec = { id: 'demo.add' } as Parameters<typeof launchFile>[1];
  const { text, needs } = launchFile(stored({ processType: 'x' }), spec);
  expect(JSON.parse(text)).toMatchObject({
    inputs: { pw: { code: { node: uuid(1) }, x: { node: uuid(2) } } },
  });
  expect(needs.join()).toContain('stemma launch demo.add');
});
