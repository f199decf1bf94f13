import { formatDuration } from '#shared/base/time.ts';
import { jobSteps, type JobStep } from '#shared/process/states.ts';
import { addProcess, jobTimeline } from './build-process.ts';
import type { FakeNode, World } from './world.ts';

const tickMs = 1500;

/** Lets jobs move on and new ones come, so that a person sees a page live. The function that it gives back ends it. */
export function bringToLife(world: World): () => void {
  let tick = 0;
  const timer = setInterval(() => {
    tick++;
    const active = world.processes.filter(
      ({ process, label }) => process?.kind === 'calculation-job' && label.startsWith('MgO cutoff'),
    );
    for (const node of active) if (world.random.next() < 0.25) advance(world, node);
    if (tick % 4 === 0) {
      addProcess(world, {
        kind: 'calculation-job',
        className: 'PwCalculation',
        label: `MgO cutoff ${30 + (tick % 50)} Ry`,
        state: 'running',
        ctime: Date.now(),
        process: {
          activity: { step: 'prepare', words: 'preparing', reason: '', since: Date.now(), until: null },
          steps: jobTimeline(Date.now(), 'prepare'),
        },
      });
    }
    world.touch();
  }, tickMs);
  return () => clearInterval(timer);
}

function advance(world: World, node: FakeNode): void {
  const { process } = node;
  if (process === null || (process.state !== 'waiting' && process.state !== 'running')) return;
  const at = jobSteps.indexOf(process.activity.step as JobStep);
  const next = jobSteps[at + 1];
  const now = Date.now();
  if (next === undefined) {
    world.setState(node, 'finished');
    process.exitStatus = 0;
    process.steps = process.steps.map((step) => ({ ...step, state: 'done', ended: step.ended ?? now }));
    return;
  }
  const words = {
    prepare: 'preparing',
    upload: 'uploading',
    submit: 'submitting',
    queue: 'in queue',
    run: 'running',
    retrieve: 'retrieving',
    parse: 'parsing',
  }[next];
  world.setState(node, next === 'parse' ? 'running' : 'waiting', {
    step: next,
    words,
    reason: next === 'queue' ? 'Priority' : '',
    since: now,
    until: next === 'queue' || next === 'run' ? now + 10_000 : null,
  });
  process.steps = process.steps.map((step, i) =>
    i <= at
      ? { ...step, state: 'done', started: step.started ?? now, ended: step.ended ?? now }
      : step.name === next
        ? { ...step, state: 'active', started: now, attempts: 1 }
        : step,
  );
  process.log.push({
    time: now,
    level: 'INFO',
    source: 'engine',
    message: `${words} after ${formatDuration(now - node.ctime)}`,
  });
}
