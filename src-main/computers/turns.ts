import type { Clock } from '#shared/base/clock.ts';
import { Emitter } from '#shared/base/emitter.ts';
import type { ComputerConfig } from '#shared/contract/areas/computers.ts';
import type { JobStep } from '#shared/process/states.ts';
import type { Uuid } from '#shared/provenance/ids.ts';
import { Permits } from './transports/permits.ts';

/** What only so many jobs may do at once on a computer. */
export type TurnKind = 'transfer' | 'submission';

/** A job waits until others have done what it would do. */
export interface Turn {
  readonly kind: TurnKind;
  /** How many do it now. */
  readonly others: number;
  /** Milliseconds since 1970. */
  readonly since: number;
}

type Limits = Pick<ComputerConfig, 'maxTransfers' | 'transport'>;

const transfersOf = ({ maxTransfers, transport }: Limits): number =>
  maxTransfers ?? (transport.type === 'core.local' ? 16 : 3);

/** A submission takes seconds, a transfer maybe hours: none waits behind the other kind. */
const submissionsOf = (limits: Limits): number =>
  limits.transport.type === 'core.local' ? 16 : Math.min(3, transfersOf(limits));

const waitingStep: Readonly<Record<TurnKind, string>> = {
  transfer: 'waiting for other transfers',
  submission: 'waiting for other submissions',
};

/** What is done for which process on one computer, and who waits for a turn. First come, first served. */
export class Turns {
  readonly #clock: Clock;
  readonly #permits: Readonly<Record<TurnKind, Permits>>;
  readonly #active = new Map<JobStep, Set<Uuid>>();
  readonly #waiting = new Map<Uuid, Omit<Turn, 'others'>>();
  readonly changes = new Emitter<void>();

  constructor(clock: Clock, limits: Limits) {
    this.#clock = clock;
    this.#permits = {
      transfer: new Permits(transfersOf(limits)),
      submission: new Permits(submissionsOf(limits)),
    };
  }

  /** Somebody has set other limits. */
  set(limits: Limits): void {
    this.#permits.transfer.set(transfersOf(limits));
    this.#permits.submission.set(submissionsOf(limits));
  }

  /** Does it for a process when it is its turn. @throws the signal's reason; what `work` throws */
  async take<T>(
    kind: TurnKind,
    step: JobStep,
    process: Uuid,
    signal: AbortSignal,
    work: () => Promise<T>,
  ): Promise<T> {
    const permits = this.#permits[kind];
    if (permits.used >= permits.limit) {
      this.#waiting.set(process, { kind, since: this.#clock.now() });
      this.changes.emit();
    }
    await permits.acquire(signal).finally(() => {
      if (this.#waiting.delete(process)) this.changes.emit();
    });
    try {
      return await this.#during(step, process, work);
    } finally {
      permits.release();
    }
  }

  /** What a process waits for; null where it waits for no turn. */
  of(process: Uuid): Turn | null {
    const waiting = this.#waiting.get(process);
    return waiting === undefined ? null : { ...waiting, others: this.#permits[waiting.kind].used };
  }

  /** How many processes are at each step; of those that wait each kind is a step of its own. */
  get steps(): Record<string, number> {
    const steps: Record<string, number> = {};
    for (const [step, active] of this.#active) if (active.size > 0) steps[step] = active.size;
    for (const { kind } of this.#waiting.values())
      steps[waitingStep[kind]] = (steps[waitingStep[kind]] ?? 0) + 1;
    return steps;
  }

  async #during<T>(step: JobStep, process: Uuid, work: () => Promise<T>): Promise<T> {
    const active = this.#active.get(step) ?? new Set<Uuid>();
    this.#active.set(step, active.add(process));
    this.changes.emit();
    try {
      return await work();
    } finally {
      active.delete(process);
      this.changes.emit();
    }
  }
}
