import { userError } from '#shared/base/errors.ts';
import type { Handlers } from '#shared/channel/server.ts';
import {
  testSteps,
  type codesArea,
  type ComputerConfig,
  type ComputerRow,
  type computersArea,
  type HostKey,
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

/** What a test asks for on hosts that are called so, until it is given. */
class Trust {
  readonly #accepted = new Set<string>();
  readonly #forgotten = new Set<string>();
  readonly #secrets = new Map<string, string>();

  accept = ({ host, fingerprint }: HostKey): void => void this.#accepted.add(`${host} ${fingerprint}`);
  forget = (host: string): void => void this.#forgotten.add(host);
  give = (host: string, secret: string): void => void this.#secrets.set(host, secret);

  /** What stops a test at this step; null where it goes on. */
  stop(step: (typeof testSteps)[number], config: ComputerConfig): Omit<TestStep, 'step' | 'ms'> | null {
    const { transport } = config;
    if (transport.type !== 'core.ssh') return null;
    const { host, port, user, auth } = transport;
    const key: HostKey = {
      host,
      port,
      algorithm: 'ssh-ed25519',
      fingerprint: 'SHA256:9xQ4mC0kzu8hTgkY2mW0Vd3sZ1LqN7rB5pJfXeUoA1c',
    };
    const known = { ...key, fingerprint: 'SHA256:2v5Lw3T8qHn1yF6dPzKcR0sGmJbXaEoU7iVtNhQk4Yw' };
    if (step === 'resolve' && host.includes('nowhere')) {
      return {
        state: 'failed',
        words: `There is no host ${host}.`,
        output: `getaddrinfo ENOTFOUND ${host}`,
        hint: 'Look for a typing mistake in the host name.',
        ask: null,
      };
    }
    if (step === 'host-key' && !this.#accepted.has(`${host} ${key.fingerprint}`)) {
      const rest = { state: 'needs-you', output: '', hint: '' } as const;
      if (host.startsWith('changed') && !this.#forgotten.has(host)) {
        const ask = {
          kind: 'host-key-changed' as const,
          key,
          known: [known],
          source: '~/.ssh/known_hosts, line 7',
        } satisfies TestStep['ask'];
        return { ...rest, words: `The host key of ${host} has changed.`, ask };
      }
      if (host.startsWith('new') || host.startsWith('changed')) {
        return {
          ...rest,
          words: `The host key of ${host} is not known yet.`,
          ask: { kind: 'host-key', key },
        };
      }
    }
    const secret = this.#secrets.get(host);
    if (step === 'login' && auth.kind === 'password' && secret !== 'right') {
      const words =
        secret === undefined
          ? `${host} asks for a password.`
          : `${user}@${host} did not accept the password.`;
      return {
        state: 'needs-you',
        words,
        output: '',
        hint: '',
        ask: { kind: 'secret', of: 'password', host, port, user, prompt: words },
      };
    }
    return null;
  }
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

export function computerHandlers(world: World): Handlers<typeof computersArea & typeof codesArea> {
  const trust = new Trust();
  const find = (uuid: string): FakeComputer => {
    const found = world.computers.find((computer) => computer.uuid === uuid);
    if (found === undefined)
      throw userError({ code: 'no-computer', message: 'There is no such computer.', subject: uuid });
    return found;
  };
  const rowOf = ({ uuid, config, hostname, enabled, unknown = false }: FakeComputer): ComputerRow => ({
    uuid,
    label: config.label,
    hostname,
    description: config.description,
    transportType: config.transport.type,
    schedulerType: config.scheduler,
    enabled: enabled && !unknown,
    configured: !unknown,
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
    'computers.get': ({ uuid }) => ({
      uuid,
      config: find(uuid).unknown === true ? null : find(uuid).config,
      row: rowOf(find(uuid)),
    }),
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
          message: `There is a computer called “${config.label}” already.`,
          subject: 'label',
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
    'computers.update': ({ uuid, config }) => set(uuid, { config, unknown: false, enabled: true }),
    'computers.remove': ({ uuid }) => {
      const used = world.codes.filter(({ computerUuid }) => computerUuid === uuid).length;
      if (used > 0) {
        throw userError({
          code: 'computer-in-use',
          message: `${used} nodes refer to this computer, so it stays.`,
          subject: uuid,
          hint: 'Disable it instead: nothing is sent to a disabled computer.',
        });
      }
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
        const stop = trust.stop(step, config);
        if (stop !== null) {
          yield { step, ms: 120, ...stop };
          for (const left of testSteps.slice(testSteps.indexOf(step) + 1)) {
            yield { step: left, state: 'skipped', ms: 0, words: '', ...rest };
          }
          return;
        }
        const ms = 12 + Math.round(world.random.next() * 200);
        const noisy = step === 'clean-shell' && config.label.includes('noisy');
        if (noisy) {
          const output = 'Welcome to noisy!\nQuota: 81 %';
          const hint = 'Stemma copes with this text, other programs do not.';
          yield { step, state: 'warning', ms, words: 'the login shell prints text', output, hint, ask: null };
        } else yield { step, state: 'ok', ms, words: words[step], ...rest };
      }
    },
    'computers.acceptHostKey': (key) => {
      trust.accept(key);
      return {};
    },
    'computers.forgetHostKeys': ({ host }) => {
      trust.forget(host);
      return {};
    },
    'computers.giveSecret': ({ secret, host }) => {
      trust.give(host, secret);
      for (const computer of world.computers) {
        if (computer.hostname !== host || computer.connection !== 'needs-you') continue;
        Object.assign(computer, { connection: 'connected', message: 'connected for 00:00', ask: null });
      }
      world.touch();
      return {};
    },
    'computers.pause': ({ uuid }) => set(uuid, { paused: true, connection: 'paused' }),
    'computers.resume': ({ uuid }) => set(uuid, { paused: false, connection: 'connected' }),
    'computers.retryNow': ({ uuid }) => set(uuid, { connection: 'connected', message: '' }),
    'computers.queue': ({ uuid }, { signal }) =>
      watchValue(world, signal, (): QueueState[] =>
        world.computers
          .filter(({ unknown }) => unknown !== true)
          .filter((computer) => uuid === undefined || computer.uuid === uuid)
          .map(({ uuid: computer, config, connection, message, paused, ask, problem, waiting = 0 }) => {
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
              nextAttempt: connection === 'waiting' ? Date.now() + 120_000 : null,
              unreachableSince: connection === 'waiting' ? Date.now() - 240_000 : null,
              waiting,
              places: null,
              steps: { queue: 1, run: 2 },
              jobs,
              problem: problem ?? null,
              ask:
                ask !== undefined || connection !== 'needs-you'
                  ? (ask ?? null)
                  : {
                      kind: 'secret' as const,
                      of: 'password' as const,
                      host: 'basalt.example.org',
                      user: 'ada',
                      port: 22,
                      prompt: '',
                    },
            };
          }),
      ),
    'codes.list': ({ hidden }, { signal }) =>
      watchValue(world, signal, () => world.codes.filter((code) => hidden || !code.hidden)),
    'codes.create': (config) => {
      const computer = find(config.computer);
      const { label, executable, defaultPlugin, withMpi, prependText, appendText } = config;
      const { uuid } = world.add({
        kind: 'code',
        nodeType: 'data.core.code.installed.InstalledCode.',
        className: 'InstalledCode',
        label,
        description: config.description,
        ctime: Date.now(),
        attributes: {
          filepath_executable: executable,
          input_plugin: defaultPlugin === '' ? null : defaultPlugin,
          with_mpi: withMpi,
          prepend_text: prependText,
          append_text: appendText,
        },
      });
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
    'codes.relabel': ({ uuid, label, description }) => {
      const code = world.codes.find((each) => each.uuid === uuid);
      if (code !== undefined) Object.assign(code, { label, fullLabel: `${label}@${code.computer}` });
      Object.assign(world.byUuid.get(uuid) ?? {}, { label, description });
      world.touch();
      return {};
    },
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
