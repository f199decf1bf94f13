import { StemmaError } from '#shared/base/errors.ts';
import {
  testSteps,
  type ComputerConfig,
  type TestStep,
  type TestStepName,
} from '#shared/contract/areas/computers.ts';
import { askOf } from '../asks.ts';
import type { RuntimeDeps } from '../computer-runtime.ts';
import type { Transport } from '../transport.ts';
import { LocalTransport } from '../transports/local/local-transport.ts';
import { dial } from '../transports/ssh/dial.ts';
import type { DialStep } from '../transports/ssh/hop-connection.ts';
import { SshTransport } from '../transports/ssh/ssh-transport.ts';
import { sshTarget } from '../transports/ssh/target.ts';
import {
  checkClock,
  checkRoundTrip,
  checkScheduler,
  checkShell,
  checkWorkDirectory,
  workRoot,
  type Checked,
  type Outcome,
} from './checks.ts';
import { StepStream } from './step-stream.ts';

export type TestDeps = Pick<RuntimeDeps, 'clock' | 'trust' | 'secrets' | 'environment'>;

/** A step has ended the test; it was reported already. */
class Stopped extends Error {}

/**
 * Tries a configuration, saved or not, from the name look-up to a file that goes there and back, and reports each step
 * while it happens. Leaves nothing behind but the work directory.
 */
export function testComputer(
  config: ComputerConfig,
  deps: TestDeps,
  signal: AbortSignal,
): AsyncIterable<TestStep> {
  const stream = new StepStream<TestStep>();
  const stop = new AbortController();
  const either = AbortSignal.any([signal, stop.signal]);
  new ComputerTest(config, deps, either, (step) => stream.push(step)).run().then(
    () => stream.end(),
    (thrown: unknown) => stream.fail(thrown),
  );
  return (async function* (): AsyncGenerator<TestStep> {
    try {
      yield* stream;
    } finally {
      stop.abort(new Error('the test was closed'));
    }
  })();
}

class ComputerTest {
  readonly #config: ComputerConfig;
  readonly #deps: TestDeps;
  readonly #signal: AbortSignal;
  readonly #report: (step: TestStep) => void;

  constructor(config: ComputerConfig, deps: TestDeps, signal: AbortSignal, report: (step: TestStep) => void) {
    this.#config = config;
    this.#deps = deps;
    this.#signal = signal;
    this.#report = report;
  }

  async run(): Promise<void> {
    let transport: Transport | null = null;
    try {
      transport = await this.#connect();
      await this.#try(transport);
    } catch (thrown) {
      if (!(thrown instanceof Stopped) && !this.#signal.aborted) throw thrown;
    } finally {
      transport?.close();
    }
  }

  // ------------------------------------------------------------------------------------------- getting there

  async #connect(): Promise<Transport> {
    const { transport } = this.#config;
    const { clock, environment } = this.#deps;
    if (transport.type === 'core.local') {
      for (const step of ['resolve', 'connect', 'host-key', 'login'] as const) {
        this.#put(step, 'skipped', 0, { words: 'this machine' });
      }
      return new LocalTransport(environment, clock);
    }
    const target = sshTarget(transport);
    const said = new Map<DialStep, string[]>();
    const begun = new Map<DialStep, number>();
    const order = ['resolve', 'connect', 'host-key', 'login'] as const;
    let current: DialStep = 'resolve';
    const begin = (step: DialStep): void => {
      current = step;
      if (!begun.has(step)) begun.set(step, clock.monotonic());
      this.#put(step, 'running', 0, { words: (said.get(step) ?? []).join('; ') });
    };
    begin('resolve');
    try {
      const { link, hops } = await dial(
        target,
        { ...this.#deps, signal: this.#signal, asking: () => {}, codeWaitMs: 0 },
        (step, hop, words) => {
          const several = target.hops.length > 1;
          said.set(step, [...(said.get(step) ?? []), several ? `${hop.host}: ${words}` : words]);
          const isLast = hop === target.hops.at(-1) || step === 'resolve';
          if (isLast) {
            const ms = clock.monotonic() - (begun.get(step) ?? 0);
            this.#put(step, 'ok', ms, { words: (said.get(step) ?? []).join('; ') });
          }
          // after a login at a jump host comes the next connection
          const next = order[order.indexOf(step) + 1] ?? 'connect';
          if (!(step === 'login' && isLast)) begin(next);
        },
      );
      this.#warnings(hops, said.get('login') ?? []);
      return new SshTransport(link, clock);
    } catch (thrown) {
      const step = stepOf(thrown) ?? current;
      return this.#stop(step, clock.monotonic() - (begun.get(step) ?? clock.monotonic()), thrown);
    }
  }

  #warnings(
    hops: readonly { readonly warning: string | null; readonly banner: string }[],
    words: readonly string[],
  ): void {
    const warnings = hops.flatMap(({ warning }) => warning ?? []);
    const output = hops
      .map(({ banner }) => banner)
      .join('\n')
      .trim();
    if (warnings.length === 0 && output === '') return;
    const state = warnings.length > 0 ? 'warning' : 'ok';
    this.#put('login', state, 0, { words: words.join('; '), output, hint: warnings.join(' ') });
  }

  // ------------------------------------------------------------------------------------------- what is there

  async #try(transport: Transport): Promise<void> {
    const at: Checked = { config: this.#config, transport, clock: this.#deps.clock, signal: this.#signal };
    let root = '';
    await this.#step('clean-shell', () => checkShell(at));
    await this.#step('scheduler', () => checkScheduler(at));
    await this.#step('work-directory', async () => {
      root = await workRoot(at);
      return await checkWorkDirectory(at, root);
    });
    await this.#step('round-trip', () => checkRoundTrip(at, root));
    await this.#step('clock', () => checkClock(at));
  }

  // ------------------------------------------------------------------------------------------- reporting

  async #step(name: TestStepName, work: () => Promise<Outcome>): Promise<void> {
    this.#put(name, 'running', 0, { words: '' });
    const started = this.#deps.clock.monotonic();
    try {
      const outcome = await work();
      this.#put(name, outcome.state ?? 'ok', this.#deps.clock.monotonic() - started, outcome);
    } catch (thrown) {
      this.#stop(name, this.#deps.clock.monotonic() - started, thrown);
    }
  }

  /** Reports a failure, and that the steps after it were not tried. */
  #stop(name: TestStepName, ms: number, thrown: unknown): never {
    if (this.#signal.aborted) throw new Stopped();
    const error = thrown instanceof StemmaError ? thrown : null;
    const ask = askOf(thrown);
    this.#report({
      step: name,
      state: ask === null ? 'failed' : 'needs-you',
      ms,
      words: error?.message ?? String(thrown),
      output: error?.details ?? '',
      hint: error?.hint ?? '',
      ask,
    });
    for (const rest of testSteps.slice(testSteps.indexOf(name) + 1)) {
      this.#put(rest, 'skipped', 0, { words: '' });
    }
    throw new Stopped();
  }

  #put(step: TestStepName, state: TestStep['state'], ms: number, outcome: Outcome): void {
    const { words, output = '', hint = '' } = outcome;
    this.#report({ step, state, ms, words, output, hint, ask: null });
  }
}

/** Which step an error belongs to, where its code says so. */
function stepOf(thrown: unknown): DialStep | null {
  if (!(thrown instanceof StemmaError)) return null;
  if (thrown.code.startsWith('host-key')) return 'host-key';
  if (
    thrown.code.startsWith('auth-') ||
    thrown.code === 'key-unreadable' ||
    thrown.code === 'agent-unavailable'
  ) {
    return 'login';
  }
  return null;
}
