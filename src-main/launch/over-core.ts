import { readFile, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { formatBytes } from '#shared/base/bytes.ts';
import { operationalError, userError } from '#shared/base/errors.ts';
import type { Uuid } from '#shared/provenance/ids.ts';
import { configOf } from '../computers/computer-record.ts';
import type { EngineDeps } from '../engine/deps.ts';
import type { Engine } from '../engine/engine.ts';
import type { FileHandles } from '../profile/file-handles.ts';
import type { Readers } from '../provenance/readers.ts';
import type { ProvenanceStore } from '../provenance/types.ts';
import type { Repository } from '../repository/types.ts';
import type { LaunchDeps } from './deps.ts';

/** An input file is held in memory while its job is prepared, so there is an end to its size, in bytes. */
const largestFile = 64_000_000;

/** What a launch needs, from the rooms of an open profile. */
export function launchDeps(rooms: {
  readonly engine: Engine;
  readonly deps: EngineDeps;
  readonly store: ProvenanceStore;
  readonly readers: Readers;
  readonly repository: Repository;
  readonly files: FileHandles;
}): LaunchDeps {
  const { engine, deps, store, readers, repository, files } = rooms;
  return {
    engine,
    deps,
    computer(uuid) {
      const record = store.computer(uuid);
      if (record === null) return null;
      const config = configOf(record);
      return {
        label: record.label,
        scheduler: record.schedulerType.replace('core.', ''),
        workDirectory: config?.workDirectory ?? '',
        configured: config !== null,
        enabled: record.auth?.enabled ?? false,
      };
    },
    async codeByLabel(fullLabel) {
      const codes = await readers.profile.codes({ hidden: false });
      const exact = codes.filter((code) => code.fullLabel === fullLabel);
      const found = exact.length > 0 ? exact : codes.filter((code) => code.label === fullLabel);
      const [only] = found;
      if (only !== undefined && found.length === 1) return only.uuid as Uuid;
      const known = codes.map((code) => code.fullLabel).join(', ');
      throw userError({
        code: 'unknown-code',
        message:
          found.length > 1
            ? `More than one code is called “${fullLabel}”. Say on which computer: ${found.map((code) => code.fullLabel).join(', ')}.`
            : `There is no code “${fullLabel}”.`,
        subject: fullLabel,
        hint: known === '' ? 'Add one under Computers.' : `There are: ${known}.`,
      });
    },
    async chosenFile(handle) {
      const path = files.path(handle, 'read');
      const name = basename(path);
      let size: number;
      try {
        ({ size } = await stat(path));
        if (size <= largestFile) return { name, content: await readFile(path) };
      } catch (error) {
        throw operationalError(
          {
            code: 'file-unreadable',
            message: `“${name}” cannot be read any more: ${(error as Error).message}.`,
            hint: 'Choose it again.',
          },
          error,
        );
      }
      throw userError({
        code: 'file-too-large',
        message: `“${name}” has ${formatBytes(size)}, and an input file at most ${formatBytes(largestFile)}. Put it on the computer and give its remote folder instead.`,
        subject: name,
      });
    },
    objectSize: (hash) => repository.size(hash),
  };
}
