import { addCrowd } from './build-crowd.ts';
import { addShowcase } from './build-showcase.ts';
import { World } from './world.ts';

export interface WorldOptions {
  readonly seed?: number;
  /** How many ordinary processes there are beside the showcase. */
  readonly processes?: number;
  /** A profile in which nothing was done yet. */
  readonly isNew?: boolean;
}

/** A made-up profile: a crowd of ended processes, and a showcase with every state and every step. */
export function buildWorld({
  seed = 20_261_122,
  processes = 10_000,
  isNew = false,
}: WorldOptions = {}): World {
  const world = new World(seed);
  const now = Date.now();
  addComputers(world);
  if (isNew) {
    world.isNew = true;
    return world;
  }
  addCrowd(world, processes, now);
  addShowcase(world, now);
  world.tasks.push({
    id: 'export-1',
    title: 'Export of “Silicon”',
    state: 'done',
    progress: null,
    message: '812 nodes, 48.1 MB',
    started: now - 620_000,
    ended: now - 581_000,
  });
  return world;
}

function addComputers(world: World): void {
  const shared = {
    description: '',
    shebang: '#!/bin/bash',
    mpirunCommand: ['srun', '-n', '{tot_num_mpiprocs}'],
    defaultMemoryPerMachine: null,
    prependText: '',
    appendText: '',
    maxJobs: null,
    maxTransfers: null,
    minimumPollInterval: 10,
  };
  world.computers.push(
    {
      uuid: world.uuid(),
      hostname: 'localhost',
      enabled: true,
      paused: false,
      connection: 'connected',
      message: '',
      config: {
        ...shared,
        label: 'localhost',
        transport: { type: 'core.local' },
        scheduler: 'core.direct',
        workDirectory: '{home}/.stemma/work',
        defaultMpiprocsPerMachine: 1,
      },
    },
    {
      uuid: world.uuid(),
      hostname: 'granite.example.org',
      enabled: true,
      paused: false,
      connection: 'connected',
      message: 'connected for 02:14:31',
      config: {
        ...shared,
        label: 'granite',
        transport: {
          type: 'core.ssh',
          host: 'granite.example.org',
          port: 22,
          user: 'ada',
          auth: { kind: 'agent' },
          jumps: [],
        },
        scheduler: 'core.slurm',
        workDirectory: '/scratch/{username}/aiida',
        defaultMpiprocsPerMachine: 36,
      },
    },
    {
      uuid: world.uuid(),
      hostname: 'basalt.example.org',
      enabled: true,
      paused: false,
      connection: 'needs-you',
      message: 'a password is asked for',
      config: {
        ...shared,
        label: 'basalt',
        transport: {
          type: 'core.ssh',
          host: 'basalt.example.org',
          port: 22,
          user: 'ada',
          auth: { kind: 'password' },
          jumps: [{ host: 'gate.example.org', port: 22, user: 'ada' }],
        },
        scheduler: 'core.slurm',
        workDirectory: '/scratch/{username}/aiida',
        defaultMpiprocsPerMachine: 64,
      },
    },
  );
}
