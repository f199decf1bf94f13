/**
 * What a script wants to know of its machine. Starting a program costs more than everything that a shell does by itself,
 * and these are asked for every job: so what has a way without one takes it.
 */

/** Sets `machine` to the name that `uname -n` prints. */
export const machineName =
  '{ read -r machine < /proc/sys/kernel/hostname; } 2>/dev/null || machine=$(uname -n)';

/** Seconds since 1970; bash knows them by itself. */
export const epoch = '${EPOCHSECONDS:-$(date +%s)}';
