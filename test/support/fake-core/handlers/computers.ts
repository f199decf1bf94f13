import { operationalError, userError } from '#shared/base/errors.ts';
import type { Handlers } from '#shared/channel/server.ts';
import {
  testSteps,
  type codesArea,
  type ComputerRow,
  type computersArea,
  type QueueState,
  type TestStep,
} from '#shared/contract/areas/computers.ts';
import { watchValue } from '../watch.ts';
import type { FakeComputer, World } from '../world.ts';

const words: Readonly<Record<(typeof testSteps)[number], string>> = {
  resolve: '192.0.2.17 and 2001:db8::17',
  connect: '12 ms',
  'host-key': 'known: ssh-ed25519',
  login: 'logged in as ada with a key of the agent',
  'clean-shell': 'nothing is printed by the shell’s start-up files',
  scheduler: 'Slurm 23.11.4; sbatch, squeue, scancel, sacct found',
  'work-directory': '/scratch/ada/aiida can be written to; 8.10 TB free',
  'round-trip': '1.00 MB there and back in 84 ms; hashes are equal',
  clock: '0.2 s ahead',
};

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

export function computerHandlers(world: World): Handlers<typeof computersArea & typeof codesArea> {
  const find = (uuid: string): FakeComputer => {
    const found = world.computers.find((computer) => computer.uuid === uuid);
    if (found === undefined)
      throw userError({ code: 'no-computer', message: 'There is no such computer.', subject: uuid });
    return found;
  };
  const rowOf = ({ uuid, config, hostname, enabled }: FakeComputer): ComputerRow => ({
    uuid,
    label: config.label,
    hostname,
    description: config.description,
    transportType: config.transport.type,
    schedulerType: config.scheduler,
    enabled,
    configured: true,
    codes: world.codes.filter(({ computerUuid }) => computerUuid === uuid).length,
    calculations: 0,
  });
  const set = (uuid: string, changes: Partial<FakeComputer>) => {
    Object.assign(find(uuid), changes);
    world.touch();
    return {};
  };
  return {
    'computers.list': (_input, { signal }) => watchValue(world, signal, () => world.computers.map(rowOf)),
    'computers.get': ({ uuid }) => ({ uuid, config: find(uuid).config, row: rowOf(find(uuid)) }),
    'computers.sshHosts': () => [
      {
        name: 'granite',
        hostname: 'granite.example.org',
        user: 'ada',
        port: 22,
        identityFile: '~/.ssh/id_ed25519',
        jumps: [],
        notes: [],
      },
      {
        name: 'basalt',
        hostname: 'basalt.example.org',
        user: 'ada',
        port: 22,
        identityFile: '',
        jumps: [{ host: 'gate.example.org', user: 'ada', port: 22 }],
        notes: ['ProxyCommand is not run'],
      },
    ],
    'computers.create': (config) => {
      if (world.computers.some(({ config: other }) => other.label === config.label)) {
        throw userError({
          code: 'label-taken',
          message: 'A computer with this label exists already.',
          subject: config.label,
        });
      }
      const uuid = world.uuid();
      const hostname = config.transport.type === 'core.ssh' ? config.transport.host : 'localhost';
      world.computers.push({
        uuid,
        config,
        hostname,
        enabled: true,
        paused: false,
        connection: 'idle',
        message: '',
      });
      world.touch();
      return { uuid };
    },
    'computers.update': ({ uuid, config }) => set(uuid, { config }),
    'computers.remove': ({ uuid }) => {
      world.computers.splice(world.computers.indexOf(find(uuid)), 1);
      world.touch();
      return {};
    },
    'computers.setEnabled': ({ uuid, enabled }) => set(uuid, { enabled }),
    'computers.test': async function* ({ config }, { signal }): AsyncGenerator<TestStep> {
      for (const step of testSteps) {
        const rest = { output: '', hint: '', ask: null };
        yield { step, state: 'running', ms: 0, words: '', ...rest };
        await pause(120);
        if (signal.aborted) return;
        const bad =
          step === 'resolve' &&
          config.transport.type === 'core.ssh' &&
          config.transport.host.includes('nowhere');
        if (bad) {
          yield {
            step,
            state: 'failed',
            ms: 120,
            words: 'the name is not known',
            output: 'ENOTFOUND',
            hint: 'Look for a typing mistake in the host name.',
            ask: null,
          };
          return;
        }
        yield {
          step,
          state: 'ok',
          ms: 12 + Math.round(world.random.next() * 200),
          words: words[step],
          ...rest,
        };
      }
    },
    'computers.acceptHostKey': () => ({}),
    'computers.forgetHostKeys': () => ({}),
    'computers.giveSecret': ({ secret, host }) => {
      if (secret === 'wrong')
        throw operationalError({
          code: 'login-refused',
          message: 'The password was refused.',
          subject: host,
        });
      return {};
    },
    'computers.pause': ({ uuid }) => set(uuid, { paused: true, connection: 'paused' }),
    'computers.resume': ({ uuid }) => set(uuid, { paused: false, connection: 'connected' }),
    'computers.retryNow': ({ uuid }) => set(uuid, { connection: 'connected', message: '' }),
    'computers.queue': ({ uuid }, { signal }) =>
      watchValue(world, signal, (): QueueState[] =>
        world.computers
          .filter((computer) => uuid === undefined || computer.uuid === uuid)
          .map(({ uuid: computer, config, connection, message, paused }) => {
            const jobs = world.processes
              .slice(-200)
              .filter(({ process }) => process?.computer === config.label && process.activity.step !== '')
              .map((node) => ({
                process: node.uuid,
                name: world.nameOf(node),
                jobId: '5512091',
                state: node.process?.activity.words ?? '',
                reason: node.process?.activity.reason ?? '',
                since: node.process?.activity.since ?? null,
              }));
            return {
              computer,
              label: config.label,
              scheduler: config.scheduler,
              connection,
              words: message,
              paused,
              lastPoll: Date.now() - 4000,
              nextPoll: Date.now() + 6000,
              nextAttempt: null,
              steps: { queue: 1, run: 2 },
              jobs,
              ask:
                connection === 'needs-you'
                  ? {
                      kind: 'secret' as const,
                      of: 'password' as const,
                      host: 'basalt.example.org',
                      user: 'ada',
                      port: 22,
                      prompt: '',
                    }
                  : null,
            };
          }),
      ),
    'codes.list': ({ hidden }, { signal }) =>
      watchValue(world, signal, () => world.codes.filter((code) => hidden || !code.hidden)),
    'codes.create': (config) => {
      const computer = find(config.computer);
      const uuid = world.uuid();
      world.codes.push({
        uuid,
        fullLabel: `${config.label}@${computer.config.label}`,
        label: config.label,
        computer: computer.config.label,
        computerUuid: computer.uuid,
        executable: config.executable,
        defaultPlugin: config.defaultPlugin,
        withMpi: config.withMpi,
        hidden: false,
        calculations: 0,
        ctime: Date.now(),
      });
      world.touch();
      return { uuid };
    },
    'codes.relabel': () => ({}),
    'codes.setHidden': ({ uuid, hidden }) => {
      const code = world.codes.find((each) => each.uuid === uuid);
      if (code !== undefined) code.hidden = hidden;
      world.touch();
      return {};
    },
    'codes.test': ({ executable }) =>
      executable.includes('missing')
        ? {
            ok: false,
            words: `${executable} does not exist.`,
            hint: 'Ask which module brings it: “module spider”.',
          }
        : { ok: true, words: `${executable} exists and can be run.`, hint: '' },
  };
}
