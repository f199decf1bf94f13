import type { WatchedJob } from './scheduler.ts';

/**
 * Whether what a scheduler says under a job's number is about that job: numbers begin anew when a controller loses its
 * state, and its books may be older. Where either name is not known the number must do.
 *
 * @param name the job's name, by the scheduler
 */
export const isSameJob = ({ token }: WatchedJob, name: string | undefined): boolean =>
  token === undefined || name === undefined || name === token;

/** By what the answer about a job is found: two jobs may have had the same number. */
export const keyOf = ({ token, jobId }: WatchedJob): string => token ?? jobId;
