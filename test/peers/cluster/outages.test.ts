/**
 * Computers that go away, turn connections away or allow little, and a disk of this machine that fills up: nothing
 * fails, nothing that was acknowledged is lost, and everything goes on by itself. With the whole core and a real sshd.
 */
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { createConnection, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { connectClient, type Client } from '#shared/channel/client.ts';
import { memoryPair } from '#shared/channel/memory-port.ts';
import type { ComputerConfigInput, QueueState } from '#shared/contract/areas/computers.ts';
import type { Contract } from '#shared/contract/contract.ts';
import { openCore, type Core } from '#main/core.ts';
import { askDisk, type AskDisk } from '#main/profile/disk-room.ts';
import { addCluster, writeCountingProgram } from '../../support/cluster-profile.ts';
import { until } from '../../support/programs.ts';
import { skipReason } from '../../support/skips.ts';
import { sshdUnavailable, startSshd, type Sshd, type SshdOptions } from '../../support/sshd.ts';

const missing = skipReason('Outages of a real sshd', sshdUnavailable());

describe.skipIf(missing !== null)('with a real sshd', () => {
  let folder: string;
  let program: string;
  let count = 0;
  const started: Sshd[] = [];

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'stemma-outages-'));
    program = writeCountingProgram(folder);
  });
  afterAll(async () => {
    for (const sshd of started) await sshd.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  interface Place {
    readonly core: Core;
    readonly client: Client<Contract>;
    readonly sshd: Sshd;
    readonly computer: string;
    /** A job of so many seconds, or one that ends once there is a file. */
    launch(until?: number | string): Promise<{ readonly uuid: string; readonly name: string }>;
    queue(): Promise<QueueState>;
    /** Resolves when all have finished; each must have run once. */
    finished(jobs: readonly { readonly uuid: string; readonly name: string }[]): Promise<void>;
    close(): Promise<void>;
  }

  async function open(
    options: SshdOptions = {},
    config: Partial<ComputerConfigInput> = {},
    profileDirectory = join(folder, `profile-${++count}`),
    ask?: AskDisk,
  ): Promise<Place> {
    const sshd = await startSshd(options);
    started.push(sshd);
    const core = await openCore({ profileDirectory, shell: 'none', askDisk: ask });
    const [here, there] = memoryPair();
    core.serve(there);
    const client = connectClient<Contract>(here);
    const computer = await addCluster(client, {
      label: 'granite',
      transport: {
        type: 'core.ssh',
        host: sshd.host,
        port: sshd.port,
        user: sshd.user,
        auth: { kind: 'key', path: sshd.key },
      },
      scheduler: 'core.direct',
      workDirectory: join(folder, `work-${++count}`),
      minimumPollInterval: 0.5,
      ...config,
    });
    const code = await client.call('codes.create', { label: 'counts', computer, executable: program });
    const queue = async (): Promise<QueueState> => {
      for await (const [first] of client.listen('computers.queue', { uuid: computer })) {
        if (first !== undefined) return first;
      }
      throw new Error('no queue');
    };
    return {
      core,
      client,
      sshd,
      computer,
      queue,
      async launch(until = 0) {
        const name = `job-${++count}`;
        const { uuid } = await client.call('launch.submit', {
          plugin: 'core.shell',
          inputs: {
            code: { kind: 'node', uuid: code.uuid },
            arguments: { kind: 'value', type: 'str', value: `${name} ${until}` },
            outputs: { kind: 'value', type: 'list', value: ['result.txt'] },
          },
        });
        return { uuid, name };
      },
      async finished(jobs) {
        for (const { uuid, name } of jobs) {
          for await (const { row, exitMessage, log } of client.listen('processes.watch', { uuid })) {
            if (!['finished', 'failed', 'excepted', 'killed'].includes(row.state)) continue;
            const said = [exitMessage, ...log.map(({ message }) => message)].join('\n');
            expect([name, row.state, said]).toEqual([name, 'finished', said]);
            break;
          }
          expect([name, readFileSync(join(folder, `count.${name}`), 'utf8')]).toEqual([name, 'ran\n']);
        }
        expect((await client.call('app.check', { readObjects: true })).problems).toEqual([]);
      },
      async close() {
        client.close();
        await core.close();
      },
    };
  }

  const doneIn = (place: Place, uuid: string): boolean => {
    const state = place.core.engine.state(uuid as never);
    return state?.kind === 'job' && existsSync(join(state.directory ?? '', '.done'));
  };
  const ran = ({ name }: { readonly name: string }): boolean => existsSync(join(folder, `count.${name}`));
  const stateOf = (place: Place, uuid: string): string | undefined => {
    const state = place.core.engine.state(uuid as never);
    return state?.kind === 'job' ? `${state.phase} ${state.facts?.state ?? ''}` : undefined;
  };

  test('an sshd that is stopped changes no state; what is known keeps its age; all goes on when it goes on', async () => {
    const place = await open();
    try {
      const go = join(folder, 'go');
      const running = await place.launch(go);
      await until('it runs', () => stateOf(place, running.uuid) === 'run running');
      place.sshd.freezeSessions();
      const late = await place.launch();
      await new Promise((resolve) => setTimeout(resolve, 1500));
      const before = await place.queue();
      writeFileSync(go, '');
      await until('the job has ended', () => doneIn(place, running.uuid));
      await new Promise((resolve) => setTimeout(resolve, 1500));
      // nobody has said so
      expect(stateOf(place, running.uuid)).toBe('run running');
      expect((await place.queue()).lastPoll).toBe(before.lastPoll);
      expect(ran(late)).toBe(false);
      place.sshd.thawSessions();
      await place.finished([running, late]);
    } finally {
      await place.close();
    }
  });

  test('after sleep a link that answers no more is made anew, once, and no job changes its state by that', async () => {
    const place = await open();
    try {
      const running = await place.launch(2);
      await until('it runs', () => stateOf(place, running.uuid) === 'run running');
      const logins = (): number => place.sshd.log().split('Accepted publickey').length - 1;
      const before = logins();
      // for ever: what the laptop slept through
      place.sshd.freezeSessions();
      place.core.computers.wake();
      const late = await place.launch();
      await place.finished([running, late]);
      expect(logins() - before).toBe(1);
    } finally {
      place.sshd.thawSessions();
      await place.close();
    }
  });

  test('fifty operations at once get through a server that allows two sessions', async () => {
    const place = await open({ config: ['MaxSessions 2'] }, { maxTransfers: 20 });
    try {
      const runtime = place.core.computers.runtime(place.computer as never);
      const signal = new AbortController().signal;
      const asked = Array.from({ length: 30 }, (_, index) =>
        runtime.use({ signal, mode: 'park' }, (transport) =>
          transport.exec({ what: 'a test', script: `sleep 0.0${index % 5}; echo ${index}` }),
        ),
      );
      const jobs = await Promise.all(Array.from({ length: 20 }, () => place.launch()));
      expect((await Promise.all(asked)).map(({ stdout }) => stdout)).toEqual(
        asked.map((_, index) => `${index}\n`),
      );
      await place.finished(jobs);
      // nothing was an error to a job
      for (const { uuid } of jobs) {
        for await (const { steps } of place.client.listen('processes.watch', { uuid })) {
          expect(steps.map(({ state }) => state)).not.toContain('failed');
          break;
        }
      }
    } finally {
      await place.close();
    }
  });

  test('a server that takes no more connections is left alone, jobs wait, and a person can have it tried', async () => {
    const place = await open({ config: ['MaxStartups 1'] });
    let rude: Socket | null = null;
    try {
      // let go of the connection, then somebody else takes the only place and says nothing
      const runtime = place.core.computers.runtime(place.computer as never);
      runtime.reconfigure({ ...runtime.config });
      const dropped = (): number => place.sshd.log().split(/drop connection|past MaxStartups/).length - 1;
      const before = dropped();
      await until('its place is free', () => place.sshd.sessions() === 0);
      rude = createConnection({ host: place.sshd.host, port: place.sshd.port });
      const [greeting] = (await once(rude, 'data')) as [Buffer];
      expect(greeting.toString()).toMatch(/^SSH-/);
      const jobs = [await place.launch(), await place.launch()];
      await until('both wait', async () => {
        const { connection, waiting } = await place.queue();
        return connection === 'waiting' && waiting === 2;
      });
      const away = await place.queue();
      expect(away).toMatchObject({ problem: { code: 'throttled' } });
      expect((away.nextAttempt ?? 0) - Date.now()).toBeGreaterThan(8 * 60_000);
      expect(dropped() - before).toBeLessThanOrEqual(2);
      rude.destroy();
      await until('its place is free', () => place.sshd.sessions() === 0);
      await place.client.call('computers.retryNow', { uuid: place.computer });
      await place.finished(jobs);
    } finally {
      rude?.destroy();
      await place.close();
    }
  });

  test('when the disk of this machine is full it says so and waits; when there is room it goes on, and nothing is lost', async () => {
    const small = join(folder, 'small');
    mkdirSync(small);
    try {
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=24m', 'tmpfs', small], { stdio: 'ignore' });
    } catch {
      skipReason('A full disk here', 'only root may mount a small file system');
      return;
    }
    let place: Place | null = null;
    try {
      place = await open({}, {}, join(small, 'profile'));
      const { client, core } = place;
      const jobs = [await place.launch(2), await place.launch(2)];
      const fill = (): void => {
        const { bavail, bsize } = statfsSync(small);
        try {
          writeFileSync(join(small, 'full'), Buffer.alloc(bavail * bsize), { flag: 'a' });
        } catch (thrown) {
          if ((thrown as NodeJS.ErrnoException).code !== 'ENOSPC') throw thrown;
        }
      };
      fill();
      // what is refused is told; what is acknowledged is kept
      for (let tries = 0; tries < 100 && core.engine.trouble === null; tries++) {
        const one = await Promise.race([
          place.launch(),
          new Promise<null>((resolve) => setTimeout(() => resolve(null), 500)),
        ]).catch((thrown: { code: string }) => thrown.code);
        if (one !== null && typeof one !== 'string') jobs.push(one);
        fill();
      }
      for await (const status of client.listen('app.status', {})) {
        expect(status).toMatchObject({
          engine: 'failed',
          engineMessage: expect.stringMatching(/disk.*full|full.*disk/i),
        });
        break;
      }
      rmSync(join(small, 'full'));
      await until('it goes on by itself', () => core.engine.trouble === null);
      await place.finished(jobs);
    } finally {
      await place?.close();
      execFileSync('umount', ['-l', small]);
    }
  });

  test('on a full disk a reserve lets what happened be recorded, nothing new begins, and when there is room both are as before', async () => {
    const small = join(folder, 'reserved');
    mkdirSync(small);
    try {
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=100m', 'tmpfs', small], { stdio: 'ignore' });
    } catch {
      skipReason('A reserve on a full disk', 'only root may mount a small file system');
      return;
    }
    const full = join(small, 'full');
    const reserve = join(small, 'profile', 'reserve');
    let place: Place | null = null;
    try {
      place = await open({}, {}, join(small, 'profile'), askDisk);
      const { core, launch } = place;
      const troubles: (string | null)[] = [];
      core.engine.troubles.on((trouble) => troubles.push(trouble?.error.code ?? null));
      await until('the reserve is made', () => existsSync(reserve), 30_000);
      const jobs = [await launch(1)];
      // whatever has room in files that are there already is used up, until a commit finds none
      for (let tries = 0; tries < 200 && troubles.length === 0; tries++) {
        const { bavail, bsize } = statfsSync(small);
        writeFileSync(full, Buffer.alloc(bavail * bsize), { flag: 'a' });
        const one = await Promise.race([
          launch(),
          new Promise<null>((resolve) => setTimeout(() => resolve(null), 500)),
        ]).catch((thrown: { code: string }) => thrown.code);
        if (one !== null && typeof one !== 'string') jobs.push(one);
      }
      await until('what has happened is recorded', () => troubles.includes(null), 60_000);
      expect(troubles).toEqual(['disk-full', null]);
      expect(existsSync(reserve)).toBe(false);
      await expect(launch()).rejects.toMatchObject({ code: 'local-disk-short' });
      rmSync(full);
      await until('the reserve is made again', () => existsSync(reserve), 30_000);
      await place.finished(jobs);
    } finally {
      await place?.close();
      execFileSync('umount', ['-l', small]);
    }
  });
});
