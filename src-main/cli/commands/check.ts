import { userError } from '#shared/base/errors.ts';
import type { Command } from '../arguments.ts';
import type { CommandCore, World } from '../world.ts';
import { printJson, printTable } from './print.ts';

/**
 * `stemma check`. @throws StemmaError `problems-found` after the list of them, so that scripts see it by the exit
 * status
 */
export async function check(
  command: Extract<Command, { kind: 'check' }>,
  world: World,
  { client }: CommandCore,
): Promise<void> {
  const report = await client.call('app.check', { readObjects: command.readFiles }, world.signal);
  if (command.json) printJson(world, report);
  else {
    printTable(world, Object.entries(report.checked));
    printTable(
      world,
      report.problems.map(({ code, subject, message }) => [code, subject, message]),
    );
  }
  const count = report.problems.length;
  if (count > 0) {
    throw userError({
      code: 'problems-found',
      message: `The check found ${count} ${count === 1 ? 'problem' : 'problems'}.`,
    });
  }
  if (!command.json) world.out('No problems.\n');
}
