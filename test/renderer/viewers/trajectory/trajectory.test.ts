import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readAttributes, type Attributes } from '#renderer/model/attributes.ts';
import type { ReadFile } from '#renderer/viewers/files/read-file.ts';
import { openFrames } from '#renderer/viewers/trajectory/frame-file.ts';
import { stepWords } from '#renderer/viewers/trajectory/step-words.ts';
import { thinned } from '#renderer/viewers/trajectory/thinned.ts';
import { frameCrystal, readTrajectoryHead, symbolOfKind } from '#renderer/viewers/trajectory/trajectory.ts';
import { npyFile } from '../../../support/npy-file.ts';

const place = { source: '', uuid: '', path: 'positions.npy' };
const { signal } = new AbortController();

/** Answers like the core, and counts the bytes that were asked for. */
function file(bytes: Uint8Array): { readonly read: ReadFile; readonly asked: () => number } {
  let asked = 0;
  const read: ReadFile = ({ offset = 0, length = 256_000 }) => {
    const part = bytes.slice(offset, offset + length);
    asked += part.length;
    return Promise.resolve({ size: bytes.length, bytes: part });
  };
  return { read, asked: () => asked };
}

function attributes(value: unknown): Attributes {
  const read = readAttributes(JSON.stringify(value));
  if (read.kind === 'error') throw new Error(read.error.message);
  return read.attributes;
}

describe('steps of an array', () => {
  it('are those of the array, in either order of memory', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.tuple(
          fc.integer({ min: 1, max: 5 }),
          fc.integer({ min: 1, max: 4 }),
          fc.integer({ min: 1, max: 3 }),
        ),
        fc.boolean(),
        async ([steps, atoms, parts], columns) => {
          const at = (s: number, i: number, k: number): number => 100 * s + 10 * i + k;
          const range = (count: number): readonly number[] => Array.from({ length: count }, (_, i) => i);
          const values = columns
            ? range(parts).flatMap((k) => range(atoms).flatMap((i) => range(steps).map((s) => at(s, i, k))))
            : range(steps).flatMap((s) => range(atoms).flatMap((i) => range(parts).map((k) => at(s, i, k))));
          const { read } = file(npyFile([steps, atoms, parts], values, { columns }));
          const frames = await openFrames(read, place, signal);
          expect(frames.steps).toBe(steps);
          for (const s of range(steps)) {
            const wanted = range(atoms).flatMap((i) => range(parts).map((k) => at(s, i, k)));
            expect([...(await frames.frame(s, signal))]).toEqual(wanted);
          }
        },
      ),
      { numRuns: 60 },
    );
  });

  it('are read alone, not with the file around them', async () => {
    const { read, asked } = file(
      npyFile(
        [1000, 100, 3],
        Array.from({ length: 300_000 }, (_, i) => i),
      ),
    );
    const frames = await openFrames(read, place, signal);
    const [first] = await frames.frame(900, signal);
    expect(first).toBe(270_000);
    expect(asked()).toBeLessThanOrEqual(4096 + 2400);
  });

  it('that are too large, cut off or no numbers are refused in words', async () => {
    const cut = npyFile(
      [4, 2, 3],
      Array.from({ length: 24 }, (_, i) => i),
    ).subarray(0, 200);
    const frames = await openFrames(file(cut).read, place, signal);
    await expect(frames.frame(3, signal)).rejects.toThrow('ends before the step');
    const large = npyFile([2, 5_000_000, 3], []);
    await expect(openFrames(file(large).read, place, signal)).rejects.toThrow('at most 24000000');
    await expect(openFrames(file(new Uint8Array(64)).read, place, signal)).rejects.toThrow(
      'no file of a NumPy',
    );
  });

  it('with one number each are read as a range', async () => {
    const { read } = file(npyFile([5], [1, 2, 3, 4, 5]));
    const frames = await openFrames(read, place, signal);
    expect([...(await frames.range(1, 3, signal))]).toEqual([2, 3, 4]);
  });
});

describe('a trajectory', () => {
  const usual = {
    symbols: ['O', 'H1'],
    'array|positions': [3, 2, 3],
    'array|cells': [3, 3, 3],
    'array|steps': [3],
    'array|wall_time': [3],
    'array|energy': [3],
    'array|forces': [3, 2, 3],
    energy_units: 'eV',
  };

  it('says steps, atoms and what there is for each step, energies first', () => {
    const head = readTrajectoryHead(attributes(usual));
    expect(head).toMatchObject({ steps: 3, atoms: 2, hasCells: true, hasSteps: true, hasTimes: false });
    expect(head.series).toEqual(['energy', 'wall_time']);
    expect(head.unitOf('energy')).toBe('eV');
    expect(head.periodic).toBeNull();
  });

  it('is none without positions', () => {
    expect(() => readTrajectoryHead(attributes({ 'array|positions': [3, 2] }))).toThrow('no positions');
    expect(() => readTrajectoryHead(attributes({}))).toThrow('no positions');
  });

  it('has steps that are structures', () => {
    const head = readTrajectoryHead(attributes({ ...usual, pbc: [true, true, false] }));
    const cell = Float64Array.of(4, 0, 0, 0, 5, 0, 0, 0, 6);
    const crystal = frameCrystal(head, Float64Array.of(0, 0, 0, 0, 0, 1), cell);
    expect(crystal.periodic).toEqual([true, true, false]);
    expect(crystal.cell[1]).toEqual([0, 5, 0]);
    expect(crystal.kinds.map(({ constituents }) => constituents[0]?.symbol)).toEqual(['O', 'H']);
    expect(crystal.sites[1]).toEqual({ kind: 1, position: [0, 0, 1] });
    expect(frameCrystal(head, Float64Array.of(0, 0, 0), null).periodic).toEqual([false, false, false]);
  });

  it('reads the element out of the name of a kind', () => {
    expect(['Fe1', 'O_water', 'Cl', 'H2', 'Xx', 'Si-up'].map(symbolOfKind)).toEqual([
      'Fe',
      'O',
      'Cl',
      'H',
      'Xx',
      'Si',
    ]);
  });

  it('tells a step by its place, its number and its time', () => {
    const labels = { steps: Float64Array.of(0, 10), times: Float64Array.of(0, 0.5) };
    expect(stepWords(1, 2, labels)).toBe('Step 2 of 2 · number 10 · 0.5 ps');
    expect(stepWords(0, 2, { steps: null, times: null })).toBe('Step 1 of 2');
  });

  it('keeps each peak of a line that is longer than the screen is wide', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ noNaN: true, min: -9, max: 9 }), { minLength: 1, maxLength: 300 }),
        (all) => {
          const points = thinned(Float64Array.from(all), 20);
          expect(points.length).toBeLessThanOrEqual(42);
          expect(Math.max(...points.map(({ value }) => value))).toBe(Math.max(...all));
          expect(Math.min(...points.map(({ value }) => value))).toBe(Math.min(...all));
          const steps = points.map(({ step }) => step);
          expect(steps).toEqual(steps.toSorted((a, b) => a - b));
        },
      ),
    );
    expect(thinned(Float64Array.of(1, NaN, 3), 100)).toEqual([
      { step: 0, value: 1 },
      { step: 2, value: 3 },
    ]);
  });
});
