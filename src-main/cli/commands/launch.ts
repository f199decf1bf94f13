import { readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { operationalError, userError } from '#shared/base/errors.ts';
import type { ProcessDetail } from '#shared/contract/areas/processes.ts';
import type { Command } from '../arguments.ts';
import type { CommandCore, World } from '../world.ts';
import { first } from './first.ts';
import { launchRequestOf, rulesOf, type Lookups } from './launch-inputs.ts';
import { printJson } from './print.ts';

/**
 * `stemma launch`; only the first of the things that are wrong with the inputs is named.
 * @throws StemmaError `no-plugin`, `no-file`, `bad-inputs`, `no-job`, and what {@link untilEnded} and {@link report}
 * throw
 */
export async function launch(
  command: Extract<Command, { kind: 'launch' }>,
  world: World,
  core: CommandCore,
): Promise<void> {
  const { client } = core;
  const specs = await client.call('launch.processes', {}, world.signal);
  const spec = specs.find(({ id }) => id === command.plugin);
  if (spec === undefined) {
    throw userError({
      code: 'no-plugin',
      message: `There is no process “${command.plugin}”.`,
      hint: `Known are: ${specs.map(({ id }) => id).join(', ')}.`,
    });
  }
  const text = await readText(command.inputs, 'The inputs');
  const rules = command.rules === null ? null : rulesOf(await readText(command.rules, 'The stop rules'));
  const request = {
    ...(await launchRequestOf(spec, text, lookups(core, dirname(command.inputs), world.signal))),
    ...(command.caching !== null && { caching: command.caching }),
    ...(rules !== null && { rules }),
  };
  if ((request.rules?.length ?? 0) > 0 && spec.kind !== 'calculation-job') {
    throw userError({ code: 'no-job', message: `${spec.id} is no job, so no rule can stop it.` });
  }
  const preview = await client.call('launch.preview', request, world.signal);
  const [issue] = preview.issues;
  if (issue !== undefined) {
    throw userError({
      code: 'bad-inputs',
      message: `${issue.field === '' ? '' : `${issue.field}: `}${issue.message}`,
    });
  }
  const { uuid } = await client.call('launch.submit', request, world.signal);
  if (!command.wait) {
    if (command.json) printJson(world, { uuid });
    else world.out(`${uuid}\n`);
    return;
  }
  report(command, world, await untilEnded(uuid, world, core));
}

const readText = (file: string, what: string): Promise<string> =>
  readFile(file, 'utf8').catch((error: Error) => {
    throw userError({ code: 'no-file', message: `${what} cannot be read: ${error.message}.` });
  });

/**
 * Waits, with a line on stderr for each change of what it does. Ctrl-C ends the waiting and not the process.
 * @throws StemmaError `cancelled`, `no-answer`
 */
export async function untilEnded(
  uuid: string,
  world: World,
  { client }: CommandCore,
): Promise<ProcessDetail> {
  let said = '';
  for await (const detail of client.listen('processes.watch', { uuid }, world.signal)) {
    if (ended.has(detail.row.state)) return detail;
    const { words, reason } = detail.row.activity;
    const now = [detail.row.state, words, reason].filter((part) => part !== '').join(', ');
    if (now !== said) world.note(now);
    said = now;
  }
  throw world.signal.aborted
    ? userError({ code: 'cancelled', message: `No longer waiting; ${uuid} goes on when Stemma runs.` })
    : operationalError({ code: 'no-answer', message: `The core ended while ${uuid} was running.` });
}

const ended: ReadonlySet<string> = new Set(['finished', 'failed', 'excepted', 'killed']);

/**
 * What came of a process. @throws StemmaError `process-failed` for any other end than a good one, for the exit status
 */
export function report(
  command: { readonly json: boolean },
  world: World,
  { row, exitMessage, exception, outputs }: ProcessDetail,
): void {
  const result = {
    uuid: row.uuid,
    pk: row.pk,
    state: row.state,
    exitStatus: row.exitStatus,
    exitMessage,
    outputs: Object.fromEntries(outputs.map(({ label, node }) => [label, node.uuid])),
  };
  if (command.json) printJson(world, result);
  else {
    world.out(`${row.uuid} ${row.state}\n`);
    for (const { label, node } of outputs) world.out(`  ${label}: ${node.uuid} ${node.summary}\n`);
  }
  if (row.state === 'finished') return;
  const why = [exitMessage, exception.trim().split('\n').at(-1) ?? ''].find((part) => part !== '');
  throw operationalError({
    code: 'process-failed',
    message: `${row.name} ${row.uuid} ended as ${row.state}${row.exitStatus === null ? '' : ` [${row.exitStatus}]`}${why === undefined ? '.' : `: ${why}`}`,
  });
}

/** Codes and computers by the labels that people use; files beside the file of inputs. */
function lookups({ client }: CommandCore, folder: string, signal: AbortSignal): Lookups {
  return {
    folder,
    async code(label) {
      const codes = await first(client.listen('codes.list', { hidden: true }, signal));
      return codes.find((code) => code.fullLabel === label)?.uuid ?? null;
    },
    async computer(label) {
      const computers = await first(client.listen('computers.list', {}, signal));
      return computers.find((computer) => computer.label === label)?.uuid ?? null;
    },
    async known(what) {
      if (what === 'computer')
        return (await first(client.listen('computers.list', {}, signal))).map(({ label }) => label);
      return (await first(client.listen('codes.list', {}, signal))).map(({ fullLabel }) => fullLabel);
    },
  };
}
