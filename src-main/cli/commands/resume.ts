import { userError } from '#shared/base/errors.ts';
import type { ResumePlan } from '#shared/contract/areas/launch.ts';
import type { Command } from '../arguments.ts';
import type { CommandCore, World } from '../world.ts';
import { report, untilEnded } from './launch.ts';
import { printJson, printTable } from './print.ts';
import { processOf } from './process-of.ts';

const verdicts = { reused: 're-used', again: 'runs again', later: 'later' } as const;

/** Starts a new run of a workflow that failed, which takes over what had finished; or says what it would take over. */
export async function resume(
  command: Extract<Command, { kind: 'resume' }>,
  world: World,
  core: CommandCore,
): Promise<void> {
  const { client } = core;
  const from = await processOf(command.uuid, world, core);
  const again = await client.call('launch.again', { uuid: from }, world.signal);
  const request = { ...again, resume: { from, again: [...command.again] } };
  if (command.preview) {
    const { issues, resume: plan } = await client.call('launch.preview', request, world.signal);
    const [issue] = issues;
    if (issue !== undefined) throw userError({ code: 'not-resumable', message: issue.message });
    if (plan !== undefined) print(plan, command.json, world);
    return;
  }
  const { uuid } = await client.call('launch.submit', request, world.signal);
  if (command.wait) report(command, world, await untilEnded(uuid, world, core));
  else if (command.json) printJson(world, { uuid });
  else world.out(`${uuid}\n`);
}

function print(plan: ResumePlan, json: boolean, world: World): void {
  if (json) {
    printJson(world, plan);
    return;
  }
  printTable(world, [
    ['step', 'process', '', 'why'],
    ...plan.steps.map(({ path, name, verdict, why }) => [path, name, verdicts[verdict], why]),
  ]);
  world.note(`${plan.reused} re-used, ${plan.again} again, ${plan.later} later. Nothing was started.`);
}
