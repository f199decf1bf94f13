import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { floatText, makeHash } from '#shared/provenance/hash/make-hash.ts';
import { dataHash, processHash, repositoryHash } from '#shared/provenance/hash/node-hash.ts';
import { pythonClass } from '#shared/provenance/hash/python-class.ts';
import { NodeType } from '#shared/provenance/node-types.ts';
import { PyFloat, readPyJson, writePyJson, type PyJson } from '#shared/provenance/python-json.ts';
import { readRepositoryTree, treeOf } from '#shared/provenance/repository-tree.ts';
import { skipReason } from '../../../support/skips.ts';

interface Vectors {
  readonly values: readonly { readonly value: PyJson; readonly make_hash: string }[];
  readonly nodes: readonly { readonly object: PyJson; readonly hash: string }[];
  readonly repositories: readonly {
    readonly repository_metadata: PyJson;
    readonly repository_hash: string;
  }[];
}
// with the numbers as they are written: 0 is no 0.0
const vectors = readPyJson(
  readFileSync(join(import.meta.dirname, 'vectors.json'), 'utf8'),
) as unknown as Vectors;

const noPython = skipReason(
  'floats as the real Python writes them',
  spawnSync('python3', ['-c', 'import json']).status === 0 ? null : 'python3 is not installed',
);

const text = fc.string({ unit: 'grapheme' });
const { value: anyJson } = fc.letrec<{ value: PyJson }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    fc.constant(null),
    fc.boolean(),
    fc.integer(),
    fc.bigInt({ min: -(10n ** 30n), max: 10n ** 30n }),
    fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => new PyFloat(value)),
    text,
    fc.array(tie('value'), { maxLength: 5 }),
    fc.dictionary(text, tie('value'), { maxKeys: 5 }),
  ),
}));

/** The same text for what must have the same hash: keys in order, floats with the digits that count. */
function canonical(value: PyJson): string {
  if (value instanceof PyFloat) return `f${floatText(value.value)}`;
  if (Array.isArray(value)) return `[${value.map((item: PyJson) => canonical(item)).join()}]`;
  if (typeof value === 'object' && value !== null) {
    const pairs = Object.entries(value as { readonly [key: string]: PyJson });
    const texts = pairs.map(([key, item]) => `${JSON.stringify(key)}:${canonical(item)}`);
    return `{${texts.toSorted().join()}}`;
  }
  return writePyJson(value);
}

/** The same, with the keys of every object turned round. */
function turned(value: PyJson): PyJson {
  if (Array.isArray(value)) return value.map((item: PyJson) => turned(item));
  if (typeof value !== 'object' || value === null || value instanceof PyFloat) return value;
  const pairs = Object.entries(value as { readonly [key: string]: PyJson });
  return Object.fromEntries(pairs.toReversed().map(([key, item]) => [key, turned(item)]));
}

describe('the hash of a value', () => {
  test.each(vectors.values.map((vector) => [writePyJson(vector.value), vector] as const))(
    'of %s is AiiDA’s',
    (_text, vector) => {
      expect(makeHash(vector.value)).toBe(vector.make_hash);
    },
  );

  test('does not depend on the order of keys', () => {
    fc.assert(
      fc.property(anyJson, (value) => {
        expect(makeHash(turned(value))).toBe(makeHash(value));
      }),
    );
  });

  test('differs wherever the values differ', () => {
    fc.assert(
      fc.property(anyJson, anyJson, (a, b) => {
        expect(makeHash(a) === makeHash(b)).toBe(canonical(a) === canonical(b));
      }),
      { numRuns: 500 },
    );
  });

  test('differs after any change of one leaf, however deep', () => {
    const change = (value: PyJson): PyJson => {
      if (Array.isArray(value) && value.length > 0) {
        return [...value.slice(0, -1), change(value.at(-1) as PyJson)] as PyJson;
      }
      if (
        typeof value === 'object' &&
        value !== null &&
        !(value instanceof PyFloat) &&
        !Array.isArray(value)
      ) {
        const pairs = Object.entries(value as { readonly [key: string]: PyJson });
        const last = pairs.pop();
        if (last !== undefined) return Object.fromEntries([...pairs, [last[0], change(last[1])]]);
      }
      return [value];
    };
    fc.assert(
      fc.property(anyJson, (value) => {
        expect(makeHash(change(value))).not.toBe(makeHash(value));
      }),
    );
  });

  test('tells 1, 1.0, True, "1" and [1] apart, and takes -0.0 for 0.0', () => {
    const hashes = [1, new PyFloat(1), true, '1', [1], null].map((value) => makeHash(value));
    expect(new Set(hashes).size).toBe(6);
    expect(makeHash(new PyFloat(-0))).toBe(makeHash(new PyFloat(0)));
    expect(makeHash(10n ** 30n)).not.toBe(makeHash(10n ** 30n + 1n));
  });

  test('sees no difference of floats beyond 14 digits, because AiiDA sees none', () => {
    expect(makeHash(new PyFloat(0.1))).toBe(makeHash(new PyFloat(0.100000000000001 - 1e-15)));
    expect(makeHash(new PyFloat(0.1))).not.toBe(makeHash(new PyFloat(0.1000000000001)));
  });

  test('tells texts apart that are no text in UTF-8', () => {
    expect(makeHash('\ud800')).not.toBe(makeHash('\ud801'));
    expect(makeHash('\ud800')).not.toBe(makeHash('\ufffd'));
  });
});

describe.skipIf(noPython !== null)('the text of a float', () => {
  /** What Python makes of the same bits. */
  const inPython = (values: readonly number[]): readonly string[] => {
    const script =
      'import sys,struct\nd=sys.stdin.buffer.read()\nfor (v,) in struct.iter_unpack("<d",d): print("{:.14g}".format(v if v!=0 else 0.0))';
    const input = Buffer.from(Float64Array.from(values).buffer);
    return execFileSync('python3', ['-c', script], { input, encoding: 'utf8', maxBuffer: 1 << 26 })
      .trim()
      .split('\n');
  };
  const compare = (values: readonly number[]): void => {
    expect(values.map((value) => floatText(value))).toEqual(inPython(values));
  };

  test('is Python’s, for any bits, not-a-number and the infinities included', () => {
    fc.assert(
      fc.property(fc.array(fc.double(), { minLength: 500, maxLength: 500 }), (values) => compare(values)),
      { numRuns: 5 },
    );
  });

  test('is Python’s where 14 digits end exactly in the middle', () => {
    const halves = Array.from({ length: 400 }, (_, i) => 10_000_000_000_000 + i * 7 + 0.5);
    const scaled = halves.flatMap((half) => [
      half,
      -half,
      half * 2 ** 12,
      half * 10,
      half * 10 + 5,
      half / 4,
    ]);
    compare([...scaled, 5e-324, 1.7976931348623157e308, 1e13, 1e14, 1e15, 1e-4, 1e-5, 0.5, 123456.5]);
  });
});

describe('the hash of a node', () => {
  test.each(vectors.nodes)('of $desc is AiiDA’s', ({ object, hash }) => {
    expect(makeHash(object)).toBe(hash);
  });

  test('of data has its class, attributes, files and computer', () => {
    const [vector] = vectors.nodes;
    const node = { nodeType: NodeType.int, attributes: { value: 5 }, repository: treeOf([]), computer: null };
    expect(dataHash(node)).toBe(vector?.hash);
    const file = treeOf([['a', '0'.repeat(64) as never]]);
    const others = [
      { ...node, nodeType: NodeType.float },
      { ...node, attributes: { value: 6 } },
      { ...node, repository: file },
      { ...node, computer: 'b5e0bb42-6d5f-4c7c-8a53-6c6a1fd2bb5f' },
    ];
    expect(new Set([node, ...others].map((one) => dataHash(one))).size).toBe(5);
  });

  test.each(vectors.repositories)('has files as AiiDA hashes them', (vector) => {
    const tree = readRepositoryTree(JSON.parse(writePyJson(vector.repository_metadata)));
    expect(repositoryHash(tree)).toBe(vector.repository_hash);
  });

  const job = {
    nodeType: NodeType.calcJob,
    attributes: { withmpi: true, parser_name: 'p' },
    repository: treeOf([]),
    computer: null,
  };

  test('of a job does not change with how it waits, runs and ends', () => {
    const later = {
      ...job,
      repository: treeOf([['_aiidasubmit.sh', '1'.repeat(64) as never]]),
      attributes: {
        ...job.attributes,
        queue_name: 'long',
        max_wallclock_seconds: 60,
        version: { core: '2' },
        process_state: 'finished',
        exit_status: 0,
        sealed: true,
        job_id: '7',
        retrieve_list: ['a'],
        metadata_inputs: {},
      },
    };
    expect(processHash(later, { x: 'a' })).toBe(processHash(job, { x: 'a' }));
  });

  test('of a job changes with its inputs, their names, its options and its computer', () => {
    const hashes = [
      processHash(job, { x: 'a' }),
      processHash(job, { x: 'b' }),
      processHash(job, { y: 'a' }),
      processHash(job, { x: 'a', y: null }),
      processHash({ ...job, attributes: { ...job.attributes, withmpi: false } }, { x: 'a' }),
      processHash({ ...job, computer: 'here' }, { x: 'a' }),
    ];
    expect(new Set(hashes).size).toBe(hashes.length);
  });

  test('of a calculation function changes with the version of its code', () => {
    const run = (version: string): string =>
      processHash({ ...job, nodeType: NodeType.calcFunction, attributes: { version } }, {});
    expect(run('1')).not.toBe(run('2'));
  });
});

test('classes are called as Python calls them', () => {
  const orm = (rest: string): string => `<class 'aiida.orm.nodes.${rest}'>`;
  expect(pythonClass(NodeType.int)).toBe(orm('data.int.Int'));
  expect(pythonClass(NodeType.array)).toBe(orm('data.array.array.ArrayData'));
  expect(pythonClass(NodeType.remote)).toBe(orm('data.remote.base.RemoteData'));
  expect(pythonClass(NodeType.installedCode)).toBe(orm('data.code.installed.InstalledCode'));
  expect(pythonClass(NodeType.calcJob)).toBe(orm('process.calculation.calcjob.CalcJobNode'));
  expect(pythonClass('data.core.array.bands.BandsData.')).toBe(orm('data.array.bands.BandsData'));
  expect(pythonClass('data.pseudo.upf.UpfData.')).toBe(`<class 'data.pseudo.upf.UpfData'>`);
});
