/**
 * Frees space, makes the database smaller, or deletes a few nodes, and says when it is in the middle. Run by the crash
 * tests, which kill it then: `node killed-storage.ts FOLDER free|compact|delete`.
 */
import { makeArchiveProfile } from '../../support/archive-profile.ts';
import type { DeletionSelection } from '#shared/contract/areas/storage.ts';
import { rulesOf } from '#main/storage/rules.ts';

const [folder = '', doing = ''] = process.argv.slice(2);
const profile = await makeArchiveProfile(folder);
const middles = {
  free: ['Letting go'],
  compact: ['Giving room of the database', 'Copying the database'],
  delete: ['Deleting'],
} as const;
const onProgress = ({ words }: { readonly words: string }): void => {
  if (middles[doing as keyof typeof middles].some((middle) => words.startsWith(middle)))
    process.stdout.write('now');
};
if (doing !== 'delete') await profile.storage.free({ onProgress });
else {
  const uuids = profile.rows<{ uuid: string }>('SELECT uuid FROM nodes LIMIT 3').map(({ uuid }) => uuid);
  const selection: DeletionSelection = { what: { kind: 'nodes', uuids }, rules: {} };
  const request = { what: selection.what, rules: rulesOf(selection) };
  const { digest } = await profile.readers.profile.deletionPlan(request);
  await profile.storage.delete({ selection, digest }, { onProgress });
}
await profile.close();
process.exit();
