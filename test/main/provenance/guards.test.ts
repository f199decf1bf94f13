import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { openSecondWriter } from '#main/provenance/database.ts';
import { first } from '#main/provenance/migrations/0001-first.ts';
import type { Migration } from '#main/provenance/migrations/migration.ts';
import { openStore } from '#main/provenance/store.ts';
import { step, Walk, type Step } from './walk.ts';

const runs = Number(process.env['STEMMA_RUNS'] ?? 25);

const anyWalk = fc.record({
  steps: fc.array(step, { minLength: 10, maxLength: 200, size: 'max' }),
  // off is what other programs have
  recursiveTriggers: fc.boolean(),
});

interface Taken {
  readonly steps: readonly Step[];
  readonly recursiveTriggers: boolean;
}

function takeWalk({ steps, recursiveTriggers }: Taken, migration: Migration): void {
  const folder = mkdtempSync(join(tmpdir(), 'stemma-walk-'));
  const store = openStore({
    file: join(folder, 'stemma.sqlite'),
    indexAfterMs: -1,
    migrate: { migrations: [migration] },
  });
  const raw = openSecondWriter(store.file);
  try {
    raw.pragma(`recursive_triggers = ${recursiveTriggers ? 'ON' : 'OFF'}`);
    const walk = new Walk(store, raw);
    for (const one of steps) walk.run(one);
    walk.compare();
  } finally {
    raw.close();
    store.close();
    rmSync(folder, { recursive: true });
  }
}

const guards = first.statements.flatMap((sql) => {
  const name = /^CREATE TRIGGER (\w+)/.exec(sql)?.[1];
  return name === undefined || /^(search|deletions)_/.test(name) ? [] : [{ name, sql }];
});

describe('whatever is done to the graph, by the engine or by SQL typed by hand', () => {
  test(
    'the rules of links hold, what is sealed stays, and nothing dangles',
    { timeout: 60_000 + runs * 1000 },
    () => {
      fc.assert(
        fc.property(anyWalk, (walk) => takeWalk(walk, first)),
        { numRuns: runs },
      );
    },
  );

  test.each(guards)('such walks would find it out if $name were not there', ({ sql }) => {
    const without = { ...first, statements: first.statements.filter((one) => one !== sql) };
    const outcome = fc.check(
      fc.property(anyWalk, (walk) => takeWalk(walk, without)),
      { numRuns: 400, endOnFailure: true, seed: 1 },
    );
    expect(outcome.failed).toBe(true);
  });
});
