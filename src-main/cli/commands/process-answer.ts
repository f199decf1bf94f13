import { userError } from '#shared/base/errors.ts';
import type { Command } from '../arguments.ts';
import type { CommandCore, World } from '../world.ts';
import { first } from './first.ts';
import { printJson, printTable } from './print.ts';
import { processOf } from './process-of.ts';

/** Shows what a workflow asks, or answers it. @throws StemmaError `not-asked` */
export async function processAnswer(
  { uuid: text, choice, json }: Extract<Command, { kind: 'process-answer' }>,
  world: World,
  core: CommandCore,
): Promise<void> {
  const { client } = core;
  const uuid = await processOf(text, world, core);
  const { explanation } = await first(client.listen('processes.watch', { uuid }, world.signal));
  const question = explanation?.question;
  if (explanation === null || question === undefined) {
    const elsewhere = explanation?.facts.find(({ process }) => process !== undefined);
    throw userError({
      code: 'not-asked',
      message: `${uuid} asks nothing${explanation === null ? '.' : `: ${explanation.headline}`}`,
      ...(elsewhere === undefined ? {} : { hint: `Try ${elsewhere.process}.` }),
    });
  }
  if (choice !== null) {
    await client.call('processes.answer', { uuid, label: question.label, choice }, world.signal);
    if (json) printJson(world, { uuid, label: question.label, choice });
    else world.out(`${choice}\n`);
    return;
  }
  const { headline, facts } = explanation;
  if (json) {
    printJson(world, { uuid, question: headline, facts, ...question });
    return;
  }
  printTable(world, [[headline]]);
  printTable(
    world,
    facts.map(({ name, value }) => [`  ${name}`, value]),
  );
  printTable(
    world,
    question.choices.map(({ name, label, help }) => [name, label, help]),
  );
}
