import { access } from 'node:fs/promises';
import { userError } from '#shared/base/errors.ts';
import type { ExportSelectionInput } from '#shared/contract/areas/sharing.ts';
import type { ExportWhat } from '../selection-arguments.ts';
import type { ArchiveCore } from '../world.ts';
import { first } from './first.ts';

/** @throws StemmaError `no-group`, `group-ambiguous` */
export async function resolveWhat(
  what: ExportWhat,
  { client }: ArchiveCore,
  signal: AbortSignal,
): Promise<ExportSelectionInput['what']> {
  if (what.kind === 'nodes') return { kind: 'nodes', uuids: [...what.uuids] };
  if (what.kind === 'all') return what;
  const groups = await first(client.listen('groups.list', {}, signal));
  const found = groups.filter(({ label }) => label === what.label);
  if (found[0] === undefined) {
    throw userError({
      code: 'no-group',
      message: `There is no group “${what.label}” in this profile.`,
      hint: knownGroups(groups.map(({ label }) => label)),
    });
  }
  if (found.length > 1) {
    throw userError({
      code: 'group-ambiguous',
      message: `${found.length} groups of different types are called “${what.label}”.`,
      hint: 'Rename one of them, or export its nodes with --node.',
    });
  }
  return { kind: 'group', uuid: found[0].uuid };
}

const mostKnown = 20;

const knownGroups = (labels: readonly string[]): string => {
  if (labels.length === 0) return 'It has none. Export nodes with --node, or everything with --all.';
  const more = labels.length > mostKnown ? ` and ${labels.length - mostKnown} more` : '';
  return `Known are: ${labels.slice(0, mostKnown).join(', ')}${more}.`;
};

/** @throws StemmaError `file-exists` */
export async function refuseExisting(path: string, force: boolean): Promise<void> {
  const exists = await access(path).then(
    () => true,
    () => false,
  );
  if (!exists || force) return;
  throw userError({
    code: 'file-exists',
    message: `The file ${path} is there already.`,
    hint: 'Give another name, or --force to replace it.',
  });
}
