import type { TrueCause } from '../truth.ts';
import type { ClusterParts } from '../parts.ts';
import type { Machine } from '../machines/machine.ts';
import { JobRun } from '../machines/job-run.ts';
import { sbatchOptions } from './directives.ts';
import { SlurmJob, type FinalState } from './job.ts';

/** Between TERM and KILL. */
const killWaitMs = 30_000;
/** Until the scheduler looks at its queue again. */
const cycleMs = [500, 4_000] as const;
/** A job that was put back is not started at once. */
const requeueWaitMs = 120_000;
/** So long a job that is to be put back is shown as one that has ended. */
const returnMs = [0, 40_000] as const;
/** Until a controller that was busy gets to a submission whose sender waits no more. */
const lateMs = [20_000, 900_000] as const;

export type Outage = 'controller' | 'accounting' | 'both';

const finalOf: Readonly<Record<Exclude<TrueCause, 'exit' | 'requeued' | 'reboot'>, FinalState>> = {
  walltime: 'TIMEOUT',
  memory: 'OUT_OF_MEMORY',
  'node-failure': 'NODE_FAIL',
  preempted: 'PREEMPTED',
  cancelled: 'CANCELLED',
  'cancelled-by-admin': 'CANCELLED',
};

/** slurmctld and slurmdbd: the queue, the machines that jobs run on, and what is remembered of jobs. */
export class SlurmController {
  readonly #parts: ClusterParts;
  /** Those that have not ended, by id. */
  readonly #active = new Map<number, SlurmJob>();
  /** Those that ended a moment ago, the oldest first. */
  readonly #recent = new Map<number, SlurmJob>();
  readonly #byId = new Map<number, SlurmJob>();
  readonly #byName = new Map<string, SlurmJob[]>();
  /** Ended ones, the oldest first, for accounting to forget them. */
  readonly #ended: SlurmJob[] = [];
  #forgotten = 0;
  #waiting: SlurmJob[] = [];
  readonly #freeNodes: Machine[] = [];
  #nodes = 0;
  #nextId: number;
  #cycle: (() => void) | null = null;
  #outage: { readonly what: Outage; readonly until: number } | null = null;
  /** Until then the controller is busy, and answers nobody. */
  #busyUntil = 0;

  constructor(parts: ClusterParts) {
    this.#parts = parts;
    this.#nextId = parts.site.firstJobId;
  }

  // ------------------------------------------------------------------------------------------------ outages

  /** Whether that part answers now. Each question is an opportunity for an outage. */
  answers(part: 'controller' | 'accounting'): boolean {
    const { clock, faults, random } = this.#parts;
    const now = clock.monotonic();
    if (part === 'controller' && now < this.#busyUntil) return false;
    if (faults().schedulerDown === 0) this.#outage = null;
    if (this.#outage !== null && now >= this.#outage.until) this.#outage = null;
    if (this.#outage === null && this.#parts.strikes('schedulerDown')) {
      const what = (['controller', 'accounting', 'both'] as const)[Math.floor(random.next() * 3)] ?? 'both';
      this.#outage = {
        what,
        until: now + 5_000 + Math.round(random.next() ** 2 * this.#parts.site.outageMs),
      };
    }
    return this.#outage === null || (this.#outage.what !== part && this.#outage.what !== 'both');
  }

  // -------------------------------------------------------------------------------------------------- queue

  /** A new job, or the words of the refusal. */
  submit(name: string, directory: string, script: string): SlurmJob | string {
    const { site, clock, truth } = this.#parts;
    if (site.maxQueued !== null && this.#active.size >= site.maxQueued) {
      return (
        'sbatch: error: QOSMaxSubmitJobPerUserLimit\nsbatch: error: Batch job submission failed: ' +
        "Job violates accounting/QOS policy (job submit limit, user's size and/or time limits)\n"
      );
    }
    const job = new SlurmJob(this.#takeId(), name, directory, script, sbatchOptions(script));
    job.isStuck = this.#parts.strikes('jobNeverStarts');
    if (job.isStuck) job.reason = 'ReqNodeNotAvail';
    this.#active.set(job.id, job);
    if (this.#byId.has(job.id)) truth.idsUsedAgain++;
    this.#byId.set(job.id, job);
    const same = this.#byName.get(name);
    if (same === undefined) this.#byName.set(name, [job]);
    else same.push(job);
    this.#waiting.push(job);
    truth.noteSubmission({ token: name, jobId: String(job.id), at: clock.now(), directory });
    this.#changed(job);
    this.#plan();
    return job;
  }

  /** The job is accepted when nobody waits for that any more; until then the controller may answer nobody, or all. */
  submitLate(name: string, directory: string, script: string): void {
    const { clock, random } = this.#parts;
    const ms = this.#parts.between(lateMs);
    if (random.next() < 0.4) this.#busyUntil = Math.max(this.#busyUntil, clock.monotonic() + ms);
    clock.after(ms, () => void this.submit(name, directory, script));
  }

  /** Jobs in the queue and, if asked for, those that ended a moment ago. */
  *jobs(withEnded: boolean): Generator<SlurmJob> {
    yield* this.#active.values();
    if (!withEnded) return;
    this.#forgetOld();
    yield* this.#recent.values();
  }

  /** Whether one of that name waits or runs. */
  hasActive(name: string): boolean {
    return this.#byName.get(name)?.some(({ isFinal }) => !isFinal) ?? false;
  }

  named(name: string): readonly SlurmJob[] {
    return (this.#byName.get(name) ?? []).filter((job) => this.#isListed(job));
  }

  /** As long as the controller knows it. */
  job(id: number): SlurmJob | null {
    const job = this.#byId.get(id);
    return job !== undefined && this.#isListed(job) ? job : null;
  }

  /** As long as accounting knows it, which learns of everything late. */
  accounted(ids: readonly number[] | null, name: string | null): SlurmJob[] {
    this.#forgetOld();
    if (ids !== null) return ids.map((id) => this.#byId.get(id)).filter((job) => job !== undefined);
    return name === null ? [] : [...(this.#byName.get(name) ?? [])];
  }

  /** @returns the words of what went wrong; null where all is well */
  cancel(id: number, cause: 'cancelled' | 'cancelled-by-admin' = 'cancelled'): string | null {
    const job = this.job(id);
    if (job === null) return `scancel: error: Kill job error on job id ${id}: Invalid job id specified\n`;
    if (job.isFinal || job.state === 'COMPLETING') {
      return `scancel: error: Kill job error on job id ${id}: Job/step already completing or completed\n`;
    }
    if (job.state === 'PENDING' || job.process === null) this.#finish(job, 'CANCELLED', cause);
    else this.#kill(job, cause);
    return null;
  }

  /** The fault is over: what waited because of it waits no more. */
  release(): void {
    for (const job of this.#active.values()) {
      if (!job.isStuck) continue;
      job.isStuck = false;
      job.reason = 'Priority';
      this.#changed(job);
    }
    this.#plan();
  }

  // ----------------------------------------------------------------------------------------------- running

  #plan(): void {
    if (this.#cycle !== null || this.#waiting.length === 0) return;
    const { clock } = this.#parts;
    this.#cycle = clock.after(this.#parts.between(cycleMs), () => {
      this.#cycle = null;
      this.#startAll();
    });
  }

  #startAll(): void {
    const later: SlurmJob[] = [];
    let at = 0;
    for (; at < this.#waiting.length; at++) {
      const job = this.#waiting[at];
      if (job === undefined || job.state !== 'PENDING') continue;
      if (job.isStuck || job.reason === 'BeginTime') later.push(job);
      else {
        const node = this.#takeNode();
        if (node === null) break;
        this.#start(job, node);
      }
    }
    this.#waiting = at === this.#waiting.length ? later : [...later, ...this.#waiting.slice(at)];
  }

  #start(job: SlurmJob, node: Machine): void {
    const { site, clock, now, random } = this.#parts;
    job.state = 'RUNNING';
    job.node = node.name;
    job.started = now();
    const run = new JobRun(this.#parts, {
      token: job.name,
      jobId: String(job.id),
      restart: job.restarts,
      directory: job.directory,
    });
    job.run = run;
    const process = this.#parts.startBatch(node, job, run);
    this.#changed(job);
    if (process === null) {
      // Slurm ends a job whose output cannot be opened before its script begins
      job.exit = '0:53';
      this.#freeNodes.push(node);
      this.#finish(job, 'FAILED', 'exit');
      return;
    }
    job.process = process;
    process.onEnd(({ exitStatus, wasKilled }) => {
      this.#freeNodes.push(node);
      if (job.process !== process) return;
      job.process = null;
      const status = exitStatus ?? 0;
      job.exit = wasKilled ? `0:${status - 128}` : `${status}:0`;
      const cause = run.cause ?? 'exit';
      if (cause === 'requeued') this.#requeue(job);
      else if (cause === 'exit' || cause === 'reboot')
        this.#finish(job, status === 0 ? 'COMPLETED' : 'FAILED', 'exit');
      else if ((cause === 'preempted' || cause === 'node-failure') && job.options.requeue)
        this.#requeueSoon(job, finalOf[cause]);
      else this.#finish(job, finalOf[cause], cause);
      this.#plan();
    });
    const limit = job.options.timeMs ?? site.walltimeMs;
    const { fate, afterMs } = run.fate(limit);
    if (fate === null) return;
    clock.after(afterMs, () => {
      if (job.process !== process || process.hasEnded || job.state !== 'RUNNING') return;
      if (fate === 'memory' && random.next() < 0.5) run.killProgram(process);
      this.#kill(job, fate);
    });
  }

  /** Ends what runs, as the cause does that: with a moment to tidy up, or without a word. */
  #kill(job: SlurmJob, cause: Exclude<TrueCause, 'exit' | 'reboot'>): void {
    const { process, run } = job;
    if (process === null || run === null) return;
    run.cause = cause;
    const { machine, group } = process;
    const { clock, random } = this.#parts;
    if (cause === 'memory' && run.programKilled) return;
    job.state = 'COMPLETING';
    this.#changed(job);
    const isSudden = cause === 'node-failure' || cause === 'memory' || random.next() < 0.25;
    if (isSudden) {
      machine.kill(-group, 'KILL');
      return;
    }
    machine.kill(-group, 'TERM');
    clock.after(killWaitMs, () => {
      if (!process.hasEnded) machine.kill(-group, 'KILL');
    });
  }

  /** For a moment the job looks as if that were its end. */
  #requeueSoon(job: SlurmJob, state: FinalState): void {
    job.run?.end(null);
    job.state = state;
    this.#changed(job);
    this.#parts.clock.after(this.#parts.between(returnMs), () => {
      if (!job.isFinal) this.#requeue(job);
    });
  }

  #requeue(job: SlurmJob): void {
    const { clock } = this.#parts;
    job.run?.end(null);
    job.run = null;
    job.restarts++;
    job.state = 'PENDING';
    job.reason = 'BeginTime';
    job.started = null;
    job.node = '';
    job.exit = '0:0';
    this.#changed(job);
    this.#waiting.push(job);
    clock.after(requeueWaitMs, () => {
      if (job.state !== 'PENDING') return;
      job.reason = 'Priority';
      this.#changed(job);
      this.#plan();
    });
  }

  #finish(job: SlurmJob, state: FinalState, cause: TrueCause): void {
    job.state = state;
    job.ended = this.#parts.now();
    job.process = null;
    if (job.run !== null) job.run.cause = cause;
    job.run?.end(job.exit.endsWith(':0') ? Number.parseInt(job.exit, 10) : null);
    job.letGo();
    this.#active.delete(job.id);
    this.#recent.set(job.id, job);
    this.#ended.push(job);
    this.#changed(job);
    this.#forgetOld();
    this.#plan();
  }

  // --------------------------------------------------------------------------------------------- remembering

  #changed(job: SlurmJob): void {
    job.changed(this.#parts.now());
  }

  #isListed(job: SlurmJob): boolean {
    return job.ended === null || this.#parts.now() - job.ended < this.#parts.site.minJobAgeMs;
  }

  #forgetOld(): void {
    const { site, now } = this.#parts;
    for (const [id, job] of this.#recent) {
      if (this.#isListed(job)) break;
      this.#recent.delete(id);
    }
    for (let job = this.#ended[this.#forgotten]; job !== undefined; job = this.#ended[this.#forgotten]) {
      if (now() - (job.ended ?? 0) < site.accountingPurgeMs) break;
      this.#forgotten++;
      if (this.#byId.get(job.id) === job) this.#byId.delete(job.id);
      const same = (this.#byName.get(job.name) ?? []).filter((other) => other !== job);
      if (same.length === 0) this.#byName.delete(job.name);
      else this.#byName.set(job.name, same);
    }
    if (this.#forgotten > 10_000) {
      this.#ended.splice(0, this.#forgotten);
      this.#forgotten = 0;
    }
  }

  #takeNode(): Machine | null {
    const free = this.#freeNodes.pop();
    if (free !== undefined) return free;
    if (this.#nodes >= this.#parts.site.slots) return null;
    this.#nodes++;
    return this.#parts.newNode(`node${String(this.#nodes).padStart(4, '0')}`);
  }

  /** The next that no job has which is still known; where all up to the last are taken, one beyond it. */
  #takeId(): number {
    const { firstJobId, idWrapAt } = this.#parts.site;
    const isFree = (id: number): boolean => !this.#active.has(id) && !this.#recent.has(id);
    if (idWrapAt !== null && this.#nextId > idWrapAt) this.#nextId = firstJobId;
    while (!isFree(this.#nextId)) this.#nextId++;
    return this.#nextId++;
  }
}
