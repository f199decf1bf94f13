import { writeFile } from 'node:fs/promises';
import { basename } from 'node:path';
import type { Handlers } from '#shared/channel/server.ts';
import type { waysOutArea } from '#shared/contract/areas/ways-out.ts';
import { closureOf } from '../closure.ts';
import type { World } from '../world.ts';

export function wayOutHandlers(world: World): Handlers<typeof waysOutArea> {
  return {
    'waysOut.write': async function* ({ selection, form, to }) {
      const { nodes } = closureOf(world, selection);
      const progress = { done: 1, total: nodes, unit: 'nodes' as const, words: 'Writing the crate' };
      yield { kind: 'progress' as const, progress };
      const path = world.filePaths.get(to) ?? '';
      const content = `${form.kind}\n`;
      await writeFile(path, content);
      const file = { handle: to, name: basename(path), size: content.length };
      const notes = form.kind === 'prov' ? ['The content of files is not in it.'] : [];
      const report = { nodes, processes: 4, files: 12, bytes: content.length, notes };
      yield { kind: 'done' as const, file, report };
    },
    'waysOut.table': async function* ({ table, to }) {
      const content = `${table.columns.join(',')}\r\n`;
      const path = world.filePaths.get(to) ?? '';
      await writeFile(path, content);
      const progress = { done: 0, total: 12, unit: 'nodes' as const, words: 'Writing rows' };
      yield { kind: 'progress' as const, progress };
      yield {
        kind: 'done' as const,
        file: { handle: to, name: basename(path), size: content.length },
        rows: 12,
      };
    },
    'waysOut.script': ({ uuid, kind }) => ({
      name: kind === 'aiida' ? 'rerun.py' : 'rerun.json',
      text: kind === 'aiida' ? `node = orm.load_node("${uuid}")\n` : '{"inputs": {}}\n',
      needs: ['a profile that has the inputs'],
    }),
  };
}
