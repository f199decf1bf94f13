import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { seed } from '../../support/seed.ts';
import { skipReason } from '../../support/skips.ts';
import { slurmUnavailable } from '../../support/slurm.ts';
import { sshdUnavailable } from '../../support/sshd.ts';

const missing = skipReason('A link that is cut at any piece', slurmUnavailable() ?? sshdUnavailable());
const sweep = fileURLToPath(new URL('../../faults/link-sweep.ts', import.meta.url));
const stride = 40;

interface Sum {
  readonly cuts: Readonly<Record<'to-client' | 'to-server', number>>;
  readonly problems: readonly string[];
}

/** In a process of its own, in which nobody waits for a retry. */
const swept = (...args: readonly string[]): Promise<Sum> =>
  new Promise((resolve, reject) => {
    execFile(process.execPath, [sweep, ...args], (error, stdout, stderr) => {
      const last = stdout.trim().split('\n').at(-1) ?? '';
      if (last.includes('"seconds"')) resolve(JSON.parse(last) as Sum);
      else reject(new Error(`${String(error)}\n${stdout}\n${stderr}`));
    });
  });

describe.skipIf(missing !== null)(`a job over a link that is cut once (STEMMA_SEED=${seed})`, () => {
  // every piece in turn: `npm run test:faults -- --only link`
  it('ends well, was given to Slurm once and ran once, wherever the cut was', async () => {
    // the first of each direction are always there
    const offset = seed % 20;
    const { cuts, problems } = await swept('--offset', String(offset), '--stride', String(stride));
    expect(problems, `--offset ${offset} --stride ${stride}`).toEqual([]);
    expect(cuts['to-client']).toBeGreaterThan(0);
    expect(cuts['to-server']).toBeGreaterThan(0);
  });
});
