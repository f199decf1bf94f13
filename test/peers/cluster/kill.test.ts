import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { seededRandom } from '#shared/base/random.ts';
import { addCluster, clusterConfig, writeCountingProgram } from '../../support/cluster-profile.ts';
import { seed } from '../../support/seed.ts';
import { skipReason } from '../../support/skips.ts';
import { slurmUnavailable, startSlurm, type Slurm } from '../../support/slurm.ts';
import { sshdUnavailable, startSshd, type Sshd } from '../../support/sshd.ts';
import { startCoreProcess, type CoreProcess } from '../../support/start-core-process.ts';

const missing = skipReason('SIGKILL with a real cluster', sshdUnavailable() ?? slurmUnavailable());

const jobs = 10;
const phases = ['prepare', 'upload', 'submit', 'run', 'retrieve', 'parse'];

describe.skipIf(missing !== null)(
  `ten jobs on a real cluster, killed again and again (STEMMA_SEED=${seed})`,
  () => {
    let slurm: Slurm;
    let sshd: Sshd;
    let folder: string;
    const random = seededRandom(seed);

    beforeAll(async () => {
      folder = mkdtempSync(join(tmpdir(), 'stemma-kill-'));
      slurm = await startSlurm();
      sshd = await startSshd({ env: slurm.env });
    });
    afterAll(async () => {
      await sshd?.stop();
      await slurm?.stop();
      rmSync(folder, { recursive: true, force: true });
    });

    const profile = (): string => join(folder, 'profile');

    /** The phases of the jobs as they stand in the database of a process that was killed. */
    const phasesNow = (): string[] => {
      const db = new Database(join(profile(), 'stemma.sqlite'), { readonly: true });
      try {
        const rows = db.prepare("SELECT json_extract(state, '$.phase') AS phase FROM runs").all();
        return (rows as { phase: string }[]).map(({ phase }) => phase);
      } finally {
        db.close();
      }
    };

    it('all finish, each ran once, and the check is clean', async () => {
      const program = writeCountingProgram(folder);
      const start = (): Promise<CoreProcess> =>
        startCoreProcess(profile(), { env: slurm.env, patience: { lookUpMs: 3000 } });
      let core = await start();
      const computer = await addCluster(core.client, clusterConfig(sshd, join(folder, 'work')));
      const code = await core.client.call('codes.create', { label: 'counts', computer, executable: program });

      const uuids: string[] = [];
      const launch = async (): Promise<void> => {
        const name = `job${uuids.length}`;
        const { uuid } = await core.client.call('launch.submit', {
          plugin: 'core.shell',
          inputs: {
            code: { kind: 'node', uuid: code.uuid },
            arguments: { kind: 'value', type: 'str', value: `${name} ${uuids.length % 3}` },
            outputs: { kind: 'value', type: 'list', value: ['result.txt'] },
          },
        });
        uuids.push(uuid);
      };

      const seen = new Set<string>();
      const tally = { kills: 0 };
      const killAndRestart = async (): Promise<void> => {
        await core.kill();
        tally.kills++;
        for (const phase of phasesNow()) seen.add(phase);
        core = await start();
      };
      const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

      // one after the other, so that they are in different steps when the process dies
      while (uuids.length < jobs) {
        await launch();
        await pause(random.next() * 250);
        if (random.next() < 0.5) await killAndRestart();
      }
      await killAndRestart();
      // then more, each killed in a step that no kill has met yet; a short step is over before the kill, half the times
      for (const phase of phases) {
        for (let tries = 0; tries < 60 && !seen.has(phase); tries++) {
          await launch();
          for (let now = phasesNow(); now.length > 0 && !now.includes(phase); now = phasesNow())
            await pause(2);
          await killAndRestart();
        }
      }

      // and at any other moment: a third of the kills aim, the rest do not
      while (tally.kills < 24) {
        await launch();
        await pause(random.next() * 700);
        await killAndRestart();
      }

      for (const uuid of uuids) {
        for await (const { row, exitMessage, log } of core.client.listen('processes.watch', { uuid })) {
          if (!['finished', 'failed', 'excepted', 'killed'].includes(row.state)) continue;
          expect(row.state, `${exitMessage} ${log.map(({ message }) => message).join('\n')}`).toBe(
            'finished',
          );
          break;
        }
      }
      const counts = uuids.map(
        (_, i) => readFileSync(join(folder, `count.job${i}`), 'utf8').split('\n').length - 1,
      );
      expect(counts).toEqual(uuids.map(() => 1));
      expect([...seen].toSorted(), `after ${tally.kills} kills`).toEqual([...phases].toSorted());
      expect((await core.client.call('app.check', { readObjects: true })).problems).toEqual([]);
      await core.close();
    });
  },
);
