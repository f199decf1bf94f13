import { userError } from '#shared/base/errors.ts';
import type { JobOptions } from '#shared/process/job-options.ts';

/** What a job asks for, with everything filled in (AiiDA's NodeNumberJobResource). */
export interface JobResources {
  readonly machines: number;
  readonly mpiprocsPerMachine: number;
  readonly totalMpiprocs: number;
  readonly coresPerMpiproc: number | null;
}

const contradiction = (message: string): Error =>
  userError({ code: 'bad-resources', message, subject: 'resources' });

/**
 * @param defaultMpiprocs the computer's, for a job that does not say how many processes run on one machine
 * @throws StemmaError `bad-resources` where the numbers contradict each other
 */
export function jobResources(asked: JobOptions['resources'], defaultMpiprocs: number | null): JobResources {
  const machines = asked.num_machines;
  const total = asked.tot_num_mpiprocs;
  let perMachine = asked.num_mpiprocs_per_machine;
  if (perMachine === undefined && total !== undefined) {
    perMachine = total / machines;
    if (!Number.isInteger(perMachine)) {
      throw contradiction(`${total} processes cannot be spread evenly over ${machines} machines.`);
    }
  }
  perMachine ??= defaultMpiprocs ?? 1;
  if (total !== undefined && total !== machines * perMachine) {
    throw contradiction(
      `${machines} machines with ${perMachine} processes each are ${machines * perMachine} processes, not ${total}.`,
    );
  }
  const { num_cores_per_machine: cores, num_cores_per_mpiproc: perProcess } = asked;
  if (cores !== undefined && perProcess !== undefined && cores !== perProcess * perMachine) {
    throw contradiction(
      `${perMachine} processes with ${perProcess} cores each are ${perMachine * perProcess} cores on a machine, not ${cores}.`,
    );
  }
  const coresPerMpiproc = perProcess ?? (cores === undefined ? null : cores / perMachine);
  if (coresPerMpiproc !== null && !Number.isInteger(coresPerMpiproc)) {
    throw contradiction(`${cores} cores cannot be spread evenly over ${perMachine} processes.`);
  }
  return { machines, mpiprocsPerMachine: perMachine, totalMpiprocs: machines * perMachine, coresPerMpiproc };
}
