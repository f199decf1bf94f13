/**
 * What to do when an effect fails, by cause. Our failure to reach a computer is never a job's failure, so nothing here
 * ends a process: it waits and repeats, or waits for a person.
 */
import { StemmaError, type ErrorInfo } from '#shared/base/errors.ts';
import { isTransportCause, transportCauses, type TransportCause } from '#shared/process/causes.ts';
import type { Retry } from './state.ts';

const second = 1000;
const minute = 60 * second;

/** Failures of our own making: a defect will not heal by repeating for ever. */
const patienceWithUnexpected = 5;

/**
 * The delay before the next attempt, in ms: doubling from 5 s to 10 min, and spread over ±25 % by `roll` so that a
 * thousand jobs do not knock at once.
 */
export function backOff(failures: number, roll: number): number {
  const plain = Math.min(10 * minute, 5 * second * 2 ** Math.min(failures - 1, 10));
  return Math.round(plain * (0.75 + roll / 2));
}

/**
 * The delay in ms before what a person is asked for is looked at again, because it may have passed: doubling from 15 min
 * to an hour, spread as above.
 */
export function slowBackOff(failures: number, roll: number): number {
  const plain = Math.min(60 * minute, 15 * minute * 2 ** Math.min(failures - 1, 10));
  return Math.round(plain * (0.75 + roll / 2));
}

/** The retry after one more failure. */
export function nextRetry(before: Retry | null, error: ErrorInfo, roll: number, now: number): Retry {
  const failures = before !== null && before.code === error.code ? before.failures + 1 : 1;
  const needsPerson = isTransportCause(error.code)
    ? transportCauses[error.code].needsPerson
    : error.family === 'user' || (error.family === 'unexpected' && failures >= patienceWithUnexpected);
  const until = (): number | null => {
    if (!needsPerson) return now + backOff(failures, roll);
    return mayPass(error.code) ? now + slowBackOff(failures, roll) : null;
  };
  return {
    code: error.code,
    message: error.message,
    hint: error.hint ?? '',
    failures,
    since: failures > 1 && before !== null ? before.since : now,
    until: until(),
    needsPerson,
  };
}

/** Why nothing at all can be written now, and after how many ms that is tried again. */
const storeDelays: ReadonlyMap<string, number> = new Map([
  ['database-busy', 20],
  ['disk-full', 5000],
  ['disk-error', 5000],
  ['database-read-only', 5000],
  ['database-unreachable', 5000],
  ['database-corrupt', 5000],
  ['profile-taken-over', 5000],
]);

/** After how many ms the store is tried again; null where it is not the store that cannot write. */
export const storeDelay = (error: unknown): number | null =>
  error instanceof StemmaError ? (storeDelays.get(error.code) ?? null) : null;

/** Causes that are over once the computer answers. */
const absences: ReadonlySet<string> = new Set<TransportCause>([
  'unreachable',
  'throttled',
  'timeout',
  'connection-lost',
]);

/** Whether the computer did not answer at all, which says nothing of what was asked of it. */
export const isAbsence = (code: string): boolean => absences.has(code);

const mayPass = (code: string): boolean => isTransportCause(code) && transportCauses[code].mayPass;

/** Causes that may be over when the computer is reached again. */
export const mayBeOverThere = (code: string): boolean => isAbsence(code) || mayPass(code);

/** Causes that are over once the disk of this machine has room. */
const lacksOfRoom: ReadonlySet<string> = new Set(['local-disk-short', 'local-disk-full', 'disk-full']);

/** Whether it is looked at again as soon as the disk of this machine has room. */
export const isLackOfRoom = (code: string): boolean => lacksOfRoom.has(code);

/** Far enough to mean "not by itself", near enough to be an integer in every database. */
export const never = 8_640_000_000_000_000;
