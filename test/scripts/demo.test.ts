import { createHash } from 'node:crypto';
import { statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { birchMurnaghan, fit } from '../../scripts/demo/equation-of-state.ts';
import { writeDraft } from '../../scripts/demo/draft.ts';
import { bandsAt } from '../../scripts/demo/silicon-bands.ts';
import { study } from '../../scripts/demo/study.ts';
import { archiveProfile } from '../support/archive-profile.ts';
import { canonicalDump } from '../support/canonical-dump.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const bundled = resolve(import.meta.dirname, '../../resources/demo/demo.aiida');

describe('the demo project', () => {
  test('comes in whole, with what it is there to show', async () => {
    const profile = await archiveProfile();
    const report = await profile.archives.import(bundled, null);
    expect(report.conflicts).toEqual([]);
    expect(report.notes).toEqual([]);
    expect(report.nodes.new).toBeGreaterThanOrEqual(200);
    expect(report.nodes.new).toBeLessThanOrEqual(300);
    expect(statSync(bundled).size).toBeLessThan(300_000);
    const failed = profile.rows<{ process_label: string; exit_status: number }>(
      'SELECT process_label, exit_status FROM nodes WHERE exit_status <> 0 ORDER BY id',
    );
    expect(failed).toEqual([
      // ran out of walltime, and was mended by its workflow
      { process_label: 'ScfCalculation', exit_status: 120 },
      // stayed failed, after three tries
      { process_label: 'ScfBaseWorkChain', exit_status: 401 },
      ...[1, 2, 3].map(() => ({ process_label: 'ScfCalculation', exit_status: 410 })),
    ]);
    const types = profile.rows<{ t: string }>('SELECT DISTINCT node_type AS t FROM nodes').map(({ t }) => t);
    expect(types.filter((t) => !t.startsWith('data.core.') && !t.startsWith('process.'))).toEqual([]);
    expect(types.length).toBeGreaterThanOrEqual(13);
    const counts = ['logs', 'comments', 'groups', 'computers'].map(
      (table) => profile.rows<{ n: number }>(`SELECT count(*) AS n FROM ${table}`)[0]?.n,
    );
    expect(counts).toEqual([report.logs.new, 3, 4, 2]);
  });

  test('is what its script makes: the same rows and files', async () => {
    const file = join(temporaryFolder(), 'demo.aiida');
    await writeDraft(study(), file);
    const [made, kept] = [await archiveProfile(), await archiveProfile()];
    await made.archives.import(file, null);
    await kept.archives.import(bundled, null);
    const of = async (profile: typeof made) => ({ ...(await canonicalDump(profile)), groups: null });
    expect(await of(made)).toEqual(await of(kept));
  });

  test('names no host, person or place that could exist', async () => {
    const profile = await archiveProfile();
    await profile.archives.import(bundled, null);
    const hosts = profile
      .rows<{ hostname: string }>('SELECT hostname FROM computers')
      .map(({ hostname }) => hostname);
    for (const host of hosts) expect(host).toMatch(/\.example\.org$/);
    const emails = profile.rows<{ email: string }>('SELECT email FROM users').map(({ email }) => email);
    for (const email of emails) expect(email).toMatch(/@example\.org$/);
  });
});

describe('the numbers of the demo', () => {
  test('of an equation of state are found again by its fit', () => {
    const real = { energy: -215.4, volume: 40.02, bulkModulus: 98.8, bulkDerivative: 4.2 };
    const volumes = [0.94, 0.97, 1, 1.03, 1.06].map((scale) => scale * real.volume);
    const found = fit(
      volumes,
      volumes.map((volume) => birchMurnaghan(real, volume)),
    );
    expect(found.volume).toBeCloseTo(real.volume, 6);
    expect(found.bulkModulus).toBeCloseTo(real.bulkModulus, 4);
    expect(found.bulkDerivative).toBeCloseTo(real.bulkDerivative, 4);
    expect(found.energy).toBeCloseTo(real.energy, 8);
  });

  test('of the bands are those of the published model', () => {
    const rounded = (k: readonly [number, number, number]): readonly number[] =>
      bandsAt(k).map((energy) => Number(energy.toFixed(2)) + 0);
    // Γ and X of table 2 of Vogl, Hjalmarson and Dow
    expect(rounded([0, 0, 0]).slice(0, 8)).toEqual([-12.5, 0, 0, 0, 3.43, 3.43, 3.43, 4.1]);
    expect(rounded([1, 0, 0]).slice(0, 6)).toEqual([-8.27, -8.27, -2.86, -2.86, 1.63, 1.63]);
  });
});

test('a draft gives the same names at every run', () => {
  const digest = (): string => createHash('sha256').update(JSON.stringify(study().nodes)).digest('hex');
  expect(digest()).toBe(digest());
});
