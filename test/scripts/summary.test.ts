import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { summarise } from '../../scripts/support/vitest.mjs';

describe('the closing summary of npm test', () => {
  let printed = '';
  let folder = '';
  beforeEach(() => {
    printed = '';
    folder = mkdtempSync(join(tmpdir(), 'stemma-summary-'));
    vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
      printed += String(text);
      return true;
    });
    vi.stubEnv('STEMMA_SUMMARY', join(folder, 'counts.json'));
  });
  afterEach(() => {
    vi.restoreAllMocks();
    vi.unstubAllEnvs();
    rmSync(folder, { recursive: true });
  });

  test('ends with the counts alone on a line, and tells them to who adds up', () => {
    const counts = { passed: 12, failed: 0, skipped: 0 };
    expect(summarise({ counts, failures: [], skips: new Map() })).toBe(0);
    expect(printed.trimEnd().split('\n').at(-1)).toBe('12 passed, 0 failed, 0 skipped');
    expect(JSON.parse(readFileSync(join(folder, 'counts.json'), 'utf8'))).toEqual(counts);
  });

  test('names what failed, and why what was skipped was', () => {
    const status = summarise({
      counts: { passed: 1, failed: 1, skipped: 4 },
      failures: ['unit: a sum is a sum'],
      skips: new Map([['slurmctld not installed', ['Slurm', 'the queue']]]),
    });
    expect(status).toBe(1);
    expect(printed).toContain('Failed:\n  unit: a sum is a sum\n');
    expect(printed).toContain('Skipped:\n  Slurm, the queue: slurmctld not installed\n');
  });
});
