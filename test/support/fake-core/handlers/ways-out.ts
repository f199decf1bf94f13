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
  };
}
