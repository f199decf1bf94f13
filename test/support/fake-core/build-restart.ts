import type { Iteration } from '#shared/contract/areas/processes.ts';
import { addProcess, jobTimeline } from './build-process.ts';
import type { World } from './world.ts';

const minute = 60_000;
const hour = 60 * minute;

/** A restart workflow that has raised the walltime, then memory, and now asks a person. */
export function addRestart(world: World, now: number): void {
  const start = now - 31 * hour;
  const asked = now - 47 * minute;
  const restart = addProcess(world, {
    kind: 'workflow',
    className: 'ShellRestartWorkChain',
    processType: 'aiida.workflows:core.shell.restart',
    label: 'Phonons of ZnO, restarted',
    state: 'waiting',
    ctime: start,
    process: {
      activity: {
        step: 'step',
        words: 'needs you',
        reason: 'The command ended with exit code 400. Shall it run again?',
        since: asked,
        until: null,
        needsYou: true,
      },
      explanation: {
        tone: 'needs-you',
        headline: 'The command ended with exit code 400. Shall it run again?',
        since: asked,
        next: { words: 'waits for your answer, for as long as it takes' },
        facts: [
          { name: 'Iteration', value: '3' },
          {
            name: 'It ended with',
            value: 'exit status 400: The command ended with exit status 2.',
          },
          { name: 'Steps done', value: '3' },
        ],
        lines: [],
        advice: [],
        question: {
          label: 'question_03',
          choices: [
            { name: 'folder', label: 'Go on from where it was', help: 'With its restart files.' },
            {
              name: 'again',
              label: 'Run it again',
              help: 'From the beginning, with the same inputs and options.',
            },
            { name: 'stop', label: 'End it', help: '' },
          ],
        },
        actions: ['kill'],
      },
    },
  });
  const none = { handler: null, answer: null, says: '', changes: [], considered: [] };
  const ends: readonly Omit<Iteration, 'iteration' | 'process' | 'state'>[] = [
    {
      ...none,
      action: 'restart-from-folder',
      exitStatus: 120,
      exitMessage: 'The job ran out of walltime.',
      considered: ['out_of_walltime'],
      handler: 'out_of_walltime',
      says: 'More walltime, 14400 s instead of 7200 s, from where it was',
      changes: [
        { name: 'options.max_wallclock_seconds', before: '7200', after: '14400' },
        { name: 'restart_folder', before: null, after: '/scratch/ada/aiida/1c/90/77a2-4f8c1d/a1' },
      ],
    },
    {
      ...none,
      action: 'change',
      exitStatus: 110,
      exitMessage: 'The job ran out of memory.',
      considered: ['out_of_memory'],
      handler: 'out_of_memory',
      says: 'More memory, 33554432 kB instead of 16777216 kB',
      changes: [{ name: 'options.max_memory_kb', before: '16777216', after: '33554432' }],
      answer: { choice: 'again', by: 'Ada Example', at: now - 20 * hour },
    },
    { ...none, action: 'undecided', exitStatus: null, exitMessage: '' },
  ];
  const { process } = restart;
  if (process === null) throw new Error('A workflow that is no process');
  for (const [i, end] of ends.entries()) {
    const at = start + i * 9 * hour;
    const job = addProcess(world, {
      kind: 'calculation-job',
      className: 'ShellJob',
      state: 'failed',
      exitStatus: end.exitStatus ?? 400,
      ctime: at,
      caller: restart,
      callLabel: `iteration_0${i + 1}`,
      process: { exitMessage: end.exitMessage, steps: jobTimeline(at, null) },
    });
    process.iterations.push({ ...end, iteration: i + 1, process: job.uuid, state: 'failed' });
  }
}
