import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isObjectHash, isUuid, newUuid, parseObjectHash, parseUuid } from '#shared/provenance/ids.ts';
import {
  isDataProvenance,
  isLinkLabel,
  isLinkType,
  linkJoins,
  linkRules,
  linkTypes,
} from '#shared/provenance/links.ts';
import {
  className,
  isDataType,
  isProcessType,
  nodeKind,
  nodeKinds,
  NodeType,
} from '#shared/provenance/node-types.ts';
import { exportRules, exportSwitches } from '#shared/provenance/traversal-rules.ts';
import { readTimestamp, writeTimestamp } from '#shared/provenance/timestamps.ts';

describe('links', () => {
  test('join what AiiDA lets them join', () => {
    const joined = linkTypes.map((type) =>
      nodeKinds.flatMap((source) =>
        nodeKinds.flatMap((target) => (linkJoins(type, source, target) ? [`${source} ${target}`] : [])),
      ),
    );
    expect(Object.fromEntries(linkTypes.map((type, i) => [type, joined[i]]))).toEqual({
      input_calc: ['data calculation', 'code calculation'],
      input_work: ['data workflow', 'code workflow'],
      create: ['calculation data', 'calculation code'],
      return: ['workflow data', 'workflow code'],
      call_calc: ['workflow calculation'],
      call_work: ['workflow workflow'],
    });
  });

  test('belong to the process at one end', () => {
    for (const type of linkTypes) {
      const rule = linkRules[type];
      expect(rule[rule.owner]).not.toBe('data');
    }
  });

  test('make data provenance when they are inputs of calculations or created', () => {
    expect(linkTypes.filter((type) => isDataProvenance(type))).toEqual(['input_calc', 'create']);
  });

  test.each(['x', 'CALL', 'iteration_01', 'pw__structure', 'a__b__c', 'x1'])('may be called %s', (label) =>
    expect(isLinkLabel(label)).toBe(true),
  );
  test.each(['', '_x', 'x_', '1x', 'a___b', 'a-b', 'a b', 'ä', 'a.b', '__'])(
    'may not be called “%s”',
    (label) => expect(isLinkLabel(label)).toBe(false),
  );

  test('labels are looked at in linear time', () => {
    expect(isLinkLabel(`${'a_'.repeat(50_000)}!`)).toBe(false);
  });

  test('are of six types', () => {
    expect(isLinkType('create')).toBe(true);
    expect(isLinkType('createlink')).toBe(false);
  });
});

describe('node types', () => {
  test.each([
    [NodeType.int, 'data', 'Int'],
    [NodeType.installedCode, 'code', 'InstalledCode'],
    ['data.core.code.Code.', 'code', 'Code'],
    [NodeType.calcJob, 'calculation', 'CalcJobNode'],
    [NodeType.workFunction, 'workflow', 'WorkFunctionNode'],
    ['process.workflow.workgraph.WorkGraphNode.', 'workflow', 'WorkGraphNode'],
    ['data.pseudo.upf.UpfData.', 'data', 'UpfData'],
    ['process.ProcessNode.', 'unknown', 'ProcessNode'],
    ['', 'unknown', 'Node'],
  ])('“%s” is %s, a %s', (type, kind, name) => {
    expect(nodeKind(type)).toBe(kind);
    expect(className(type)).toBe(name);
  });

  test('are processes, data, or neither', () => {
    expect([
      isProcessType(NodeType.calcJob),
      isDataType(NodeType.int),
      isDataType(''),
      isProcessType(''),
    ]).toEqual([true, true, false, false]);
  });
});

describe('ids', () => {
  test('a new UUID is one', () => expect(isUuid(newUuid())).toBe(true));

  test('upper case is folded, anything else is refused by name', () => {
    const uuid = newUuid();
    expect(parseUuid(uuid.toUpperCase())).toBe(uuid);
    expect(() => parseUuid('7')).toThrow('“7” is not a UUID');
  });

  test('hashes are 64 lower-case hexadecimal digits', () => {
    const hash = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';
    expect(parseObjectHash(hash)).toBe(hash);
    expect(isObjectHash(hash.toUpperCase())).toBe(false);
    expect(() => parseObjectHash(`${hash}0`)).toThrow(/SHA-256/);
  });
});

describe('timestamps', () => {
  test('keep six digits, both ways', () => {
    fc.assert(
      fc.property(fc.integer({ min: -1e15, max: 4.1e15 }), (microseconds) => {
        expect(readTimestamp(writeTimestamp(microseconds))).toBe(microseconds);
      }),
    );
  });

  test.each([
    ['2025-03-04 05:06:07.000089', 1_741_064_767_000_089],
    ['2025-03-04T05:06:07.5', 1_741_064_767_500_000],
    ['2025-03-04T05:06:07+00:00', 1_741_064_767_000_000],
    ['2025-03-04 06:06:07.000000+01:00', 1_741_064_767_000_000],
    ['1969-12-31 23:59:59.999999', -1],
  ])('%s is %d µs', (text, microseconds) => expect(readTimestamp(text)).toBe(microseconds));

  test.each(['', 'yesterday', '2025-13-04 05:06:07', '2025-03-04', '2025-03-04 05:06:07.1234567'])(
    'refuses “%s”',
    (text) => expect(() => readTimestamp(text)).toThrow(/not a time/),
  );

  test('are written as AiiDA reads them', () => {
    expect(writeTimestamp(1_741_064_767_000_089)).toBe('2025-03-04 05:06:07.000089');
  });
});

test('the rules of an export are AiiDA’s, and the switches are those that AiiDA lets people turn', () => {
  const followed = Object.entries(exportRules).flatMap(([rule, on]) => (on ? [rule] : []));
  expect(followed.toSorted()).toEqual(
    [
      'input_calc_backward',
      'create_forward',
      'create_backward',
      'return_forward',
      'input_work_backward',
      'call_calc_forward',
      'call_calc_backward',
      'call_work_forward',
      'call_work_backward',
    ].toSorted(),
  );
  // each type is followed in one direction that nobody can switch off
  for (const type of linkTypes) {
    const fixed = (['forward', 'backward'] as const).filter(
      (way) =>
        exportRules[`${type}_${way}`] && !(exportSwitches as readonly string[]).includes(`${type}_${way}`),
    );
    expect(fixed).toHaveLength(1);
  }
});
