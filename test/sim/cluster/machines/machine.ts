import type { Clock } from '#shared/base/clock.ts';
import type { Random } from '#shared/base/random.ts';
import type { RemoteFolder } from '../files/nodes.ts';
import { Process, type Signal } from './process.ts';

export interface MachineDeps {
  readonly clock: Clock;
  readonly random: Random;
  readonly name: string;
  readonly firstPid: number;
  readonly lastPid: number;
  readonly stepMs: () => number;
  /** The simulator itself is wrong. */
  readonly onDefect: (error: Error) => void;
}

/** One computer of the cluster with its processes. */
export class Machine {
  readonly name: string;
  readonly #deps: MachineDeps;
  readonly #processes = new Map<number, Process>();
  #nextPid: number;
  #bootedAt: number;
  bootId: string;

  constructor(deps: MachineDeps) {
    this.#deps = deps;
    this.name = deps.name;
    this.#nextPid = deps.firstPid;
    this.#bootedAt = deps.clock.monotonic();
    this.bootId = newBootId(deps.random);
  }

  /** Milliseconds since it booted. */
  get uptime(): number {
    return this.#deps.clock.monotonic() - this.#bootedAt;
  }

  process(pid: number): Process | null {
    return this.#processes.get(pid) ?? null;
  }

  get processes(): Iterable<Process> {
    return this.#processes.values();
  }

  /** A new process that does not run yet. @param group null: of its own */
  spawn(name: string, cwd: RemoteFolder, group: number | null): Process {
    const pid = this.#takePid();
    const { stepMs, clock } = this.#deps;
    const process = new Process({ machine: this, pid, group: group ?? pid, name, cwd, stepMs }, clock);
    this.#processes.set(pid, process);
    return process;
  }

  forget(process: Process): void {
    if (this.#processes.get(process.pid) === process) this.#processes.delete(process.pid);
  }

  /** To one process, or with a negative number to a group. @returns whether there was any */
  kill(pid: number, signal: Signal | '0'): boolean {
    const found =
      pid < 0
        ? [...this.#processes.values()].filter(({ group }) => group === -pid)
        : [this.#processes.get(pid)].filter((process) => process !== undefined);
    if (signal !== '0') for (const process of found) process.signal(signal);
    return found.length > 0;
  }

  /** Everything on it ends without a word, and numbers begin anew. */
  reboot(): void {
    for (const process of this.#processes.values()) process.end(137, true);
    this.#nextPid = this.#deps.firstPid;
    this.#bootedAt = this.#deps.clock.monotonic();
    this.bootId = newBootId(this.#deps.random);
  }

  defect(error: Error): void {
    this.#deps.onDefect(error);
  }

  #takePid(): number {
    const { firstPid, lastPid } = this.#deps;
    for (let tries = firstPid; tries <= lastPid; tries++) {
      const pid = this.#nextPid;
      this.#nextPid = pid >= lastPid ? firstPid : pid + 1;
      if (!this.#processes.has(pid)) return pid;
    }
    throw new Error(`${this.name} has no process number left.`);
  }
}

function newBootId(random: Random): string {
  const hex = Buffer.from(random.bytes(16)).toString('hex');
  return [0, 8, 12, 16, 20]
    .map((start, index, starts) => hex.slice(start, starts[index + 1] ?? 32))
    .join('-');
}
