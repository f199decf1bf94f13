import type { ProcessRow } from '#shared/contract/areas/processes.ts';
import type { Command } from '../arguments.ts';
import { timestampText } from '../timestamp-text.ts';
import type { CommandCore, World } from '../world.ts';
import { first } from './first.ts';
import { printJson, printTable } from './print.ts';

const pageSize = 500;

/** `stemma process list`, in pages, so that a large limit holds up nobody. */
export async function processList(
  command: Extract<Command, { kind: 'process-list' }>,
  world: World,
  { client }: CommandCore,
): Promise<void> {
  const rows: ProcessRow[] = [];
  let total = 0;
  while (rows.length < command.limit) {
    const limit = Math.min(pageSize, command.limit - rows.length);
    const request = { filter: command.filter, offset: rows.length, limit };
    const page = await first(client.listen('processes.table', request, world.signal));
    ({ total } = page);
    rows.push(...page.rows);
    if (page.rows.length < limit) break;
  }
  if (command.json) printJson(world, rows);
  else {
    printTable(world, [
      ['PK', 'created', 'process', 'state', 'activity', 'computer'],
      ...rows.map((row) => [
        row.pk,
        timestampText(row.ctime),
        row.name,
        stateOf(row),
        wordsOf(row),
        row.computer,
      ]),
    ]);
  }
  if (total > rows.length) world.note(`${rows.length} of ${total} processes; --limit shows more.`);
}

const stateOf = ({ state, exitStatus }: ProcessRow): string =>
  exitStatus === null || exitStatus === 0 ? state : `${state} [${exitStatus}]`;

const wordsOf = ({ activity: { words, reason } }: ProcessRow): string =>
  reason === '' ? words : `${words}, ${reason}`;
