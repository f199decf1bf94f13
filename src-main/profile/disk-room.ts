import { statfs } from 'node:fs/promises';
import { formatBytes } from '#shared/base/bytes.ts';
import type { Clock } from '#shared/base/clock.ts';
import { Emitter } from '#shared/base/emitter.ts';
import { operationalError, type StemmaError } from '#shared/base/errors.ts';
import type { Reserve } from './reserve.ts';

/** In bytes; `free` is what this account may use. */
export interface DiskFacts {
  readonly free: number;
  readonly total: number;
}

export type AskDisk = (directory: string) => Promise<DiskFacts>;

/** By statfs(2); `free` leaves out what is reserved for root. */
export const askDisk: AskDisk = async (directory) => {
  const { bavail, blocks, bsize } = await statfs(directory);
  return { free: bavail * bsize, total: blocks * bsize };
};

/** Bytes that stay free of new work: 2 GB, or 2 % of a large disk, but never more than a tenth of a small one. */
export const leastFree = (total: number): number => Math.min(Math.max(2e9, total * 0.02), total * 0.1);

/** Bytes that are held back so that what was begun can be recorded on a full disk. */
export const reserveBytes = (total: number): number => Math.floor(Math.min(64e6, total * 0.02));

const lookMs = 30_000;
const lookWhenShortMs = 5_000;
/** There is room again with so much more than it was short at: work must not begin and end all the time. */
const enough = 1.1;

export interface DiskRoomDeps {
  readonly directory: string;
  readonly ask: AskDisk;
  readonly reserve: Reserve;
  readonly clock: Clock;
  readonly onError: (thrown: unknown) => void;
}

/** Knows whether the disk of a profile has room for new work, and holds a reserve for the end of what was begun. */
export class DiskRoom {
  readonly #deps: DiskRoomDeps;
  #facts: DiskFacts | null = null;
  #short = false;
  #looking: Promise<void> = Promise.resolve();
  #stopTimer = (): void => {};
  #closed = false;
  /** It has become short, or there is room again. */
  readonly changes = new Emitter<void>();

  constructor(deps: DiskRoomDeps) {
    this.#deps = deps;
  }

  get isShort(): boolean {
    return this.#short;
  }

  /** Bytes that new work leaves free; null before the first look. */
  get least(): number | null {
    return this.#facts === null ? null : leastFree(this.#facts.total);
  }

  /** Why nothing new may begin that needs so many bytes; null where there is room. */
  refusal(bytes = 0): StemmaError | null {
    const facts = this.#facts;
    if (facts === null) return null;
    const least = leastFree(facts.total);
    if (!this.#short && facts.free - bytes >= least) return null;
    const need = this.#short ? '' : `, and ${formatBytes(bytes)} are needed`;
    return operationalError({
      code: 'local-disk-short',
      message: `The disk of this profile has ${formatBytes(facts.free)} left${need}: nothing new is begun.`,
      subject: this.#deps.directory,
      hint: `Free some space on this machine: ${formatBytes(least * enough)} must be free there for new work. Everything goes on by itself then.`,
    });
  }

  /** Looks now, and from now on. */
  start(): Promise<void> {
    return this.#look();
  }

  /** The disk has refused a write: the reserve is given up, so that what has happened can be recorded. */
  full(): void {
    try {
      this.#deps.reserve.release();
    } catch (thrown) {
      this.#deps.onError(thrown);
    }
    if (this.#facts !== null) this.#facts = { ...this.#facts, free: 0 };
    this.#set(true);
    this.#again(lookWhenShortMs);
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#stopTimer();
    await this.#looking;
  }

  #look(): Promise<void> {
    this.#looking = this.#looking.then(async () => {
      if (this.#closed) return;
      try {
        await this.#lookOnce();
      } catch (thrown) {
        // what was known last stands
        this.#deps.onError(thrown);
      }
      this.#again(this.#short ? lookWhenShortMs : lookMs);
    });
    return this.#looking;
  }

  async #lookOnce(): Promise<void> {
    const { ask, directory, reserve } = this.#deps;
    const facts = await ask(directory);
    const least = leastFree(facts.total);
    this.#facts = facts;
    this.#set(facts.free < (this.#short ? least * enough : least));
    if (this.#short) return;
    const bytes = reserveBytes(facts.total);
    if (facts.free - bytes >= least * enough && !(await reserve.held(bytes))) await reserve.make(bytes);
  }

  #set(short: boolean): void {
    if (this.#short === short) return;
    this.#short = short;
    this.changes.emit();
  }

  #again(ms: number): void {
    this.#stopTimer();
    if (!this.#closed) this.#stopTimer = this.#deps.clock.after(ms, () => void this.#look());
  }
}
