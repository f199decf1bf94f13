/** Handlers for what any job can meet, whatever it computes: the exit codes of the scheduler. */
import { coreExitCodes } from '../../process/exit-codes.ts';
import type { PortRecord } from '../ports.ts';
import type { Change, NextRun, RestartContext, RestartHandler } from './handler.ts';

/** A value, or how to read it from the inputs of the workflow; undefined where there is none. */
export type Setting<Value, Policy extends PortRecord> =
  Value | ((policy: RestartContext<PortRecord, Policy>['policy']) => Value | undefined);

/** Limits of the handlers that come with Stemma. Factors multiply what was asked for last. */
export interface StandardSettings<Policy extends PortRecord> {
  /** By how much more walltime is asked for each time; 2 where it is not given. */
  readonly walltimeFactor?: Setting<number, Policy>;
  /** In seconds. */
  readonly maxWalltime?: Setting<number, Policy>;
  readonly memoryFactor?: Setting<number, Policy>;
  /** In kB. */
  readonly maxMemory?: Setting<number, Policy>;
  /** More machines are asked for, up to this many, when no more memory on one can be. */
  readonly maxMachines?: Setting<number, Policy>;
  /** How often a run is repeated because a node failed; 3 where it is not given. */
  readonly maxNodeFailures?: Setting<number, Policy>;
}

const again = (
  context: Pick<RestartContext, 'canRestartFromFolder'>,
  says: string,
  options: NonNullable<Change['options']> = {},
): NextRun =>
  context.canRestartFromFolder
    ? { action: 'restart-from-folder', says: `${says}, from where it was`, options }
    : { action: 'change', says, options };

/** More by a factor, up to a limit; null where the limit is reached. */
function more(now: number, factor: number, limit: number | undefined): number | null {
  const next = Math.min(Math.ceil(now * Math.max(factor, 1)), limit ?? Number.MAX_SAFE_INTEGER);
  return next > now ? next : null;
}

const seconds = (value: number): string => `${value} s`;

/**
 * Out of walltime (120), out of memory (110), a failed node (140), a refused account (131), a refused job (141), and a
 * job that somebody cancelled on the cluster (142).
 */
export function standardHandlers<Policy extends PortRecord = PortRecord>(
  settings: StandardSettings<Policy> = {},
): readonly RestartHandler<PortRecord, Policy>[] {
  const read = <Value>(
    setting: Setting<Value, Policy> | undefined,
    { policy }: RestartContext<PortRecord, Policy>,
  ): Value | undefined =>
    typeof setting === 'function' ? (setting as (from: typeof policy) => Value | undefined)(policy) : setting;

  return [
    {
      name: 'out_of_walltime',
      exitCodes: [coreExitCodes.outOfWalltime.status],
      handle(context) {
        const { max_wallclock_seconds: now } = context.options;
        const limit = read(settings.maxWalltime, context);
        if (now === undefined) {
          if (context.canRestartFromFolder)
            return again(context, 'It goes on with the walltime of the queue');
          const says = 'No walltime was asked for, so there is none to raise: give one under “options”.';
          return { action: 'give-up', says };
        }
        const next = more(now, read(settings.walltimeFactor, context) ?? 2, limit);
        if (next !== null) {
          const says = `More walltime, ${seconds(next)} instead of ${seconds(now)}`;
          return again(context, says, { max_wallclock_seconds: next });
        }
        if (context.canRestartFromFolder) return again(context, `It goes on with ${seconds(now)} more`);
        return {
          action: 'give-up',
          says: `${seconds(now)} of walltime were not enough, and more are not allowed.`,
        };
      },
    },
    {
      name: 'out_of_memory',
      exitCodes: [coreExitCodes.outOfMemory.status],
      handle(context) {
        const { max_memory_kb: now, resources = {} } = context.options;
        const { num_machines: machines = 1 } = resources;
        const factor = read(settings.memoryFactor, context) ?? 2;
        const next = now === undefined ? null : more(now, factor, read(settings.maxMemory, context));
        if (next !== null) {
          const says = `More memory, ${next} kB instead of ${now} kB`;
          return again(context, says, { max_memory_kb: next });
        }
        const wider = more(machines, 2, read(settings.maxMachines, context) ?? machines);
        if (wider !== null) {
          const says = `More machines, ${wider} instead of ${machines}, so that each holds less`;
          return again(context, says, { resources: { num_machines: wider } });
        }
        const says =
          now === undefined
            ? 'No memory was asked for, so there is none to raise: give “max_memory_kb” under “options”, or allow more machines.'
            : `${now} kB were not enough, and more are not allowed.`;
        return { action: 'give-up', says };
      },
    },
    {
      name: 'node_failure',
      exitCodes: [coreExitCodes.nodeFailure.status],
      handle(context) {
        const limit = read(settings.maxNodeFailures, context) ?? 3;
        if (context.acted < limit) return again(context, 'A node failed, which is not the job’s fault');
        const says = `It met a failed node ${context.acted + 1} times, which may not be chance.`;
        return { action: 'give-up', says };
      },
    },
    {
      name: 'invalid_account',
      exitCodes: [coreExitCodes.invalidAccount.status],
      handle: ({ outcome }) => ({ action: 'give-up', says: outcome.exitMessage }),
    },
    {
      name: 'submission_refused',
      exitCodes: [coreExitCodes.submissionRefused.status],
      handle: ({ outcome }) => ({ action: 'give-up', says: outcome.exitMessage }),
    },
    {
      name: 'cancelled_outside',
      exitCodes: [coreExitCodes.cancelledOutside.status],
      handle: (context) => ({
        action: 'ask',
        question: 'Somebody cancelled the job on the cluster. Shall it run again?',
        choices: {
          again: { label: 'Run it again', next: again(context, 'It was cancelled, and is wanted again') },
          stop: {
            label: 'End it',
            next: { action: 'give-up', says: 'It was cancelled, and that was meant.' },
          },
        },
      }),
    },
  ];
}
