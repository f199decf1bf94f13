/**
 * Frees space, or deletes a few nodes, and says when it is in the middle. Run by the crash test, which kills it then:
 * `node killed-storage.ts FOLDER free|delete`.
 */
import { makeArchiveProfile } from '../../support/archive-profile.ts';
import type { DeletionSelection } from '#shared/contract/areas/storage.ts';
import { rulesOf } from '#main/storage/rules.ts';

const [folder = '', doing = ''] = process.argv.slice(2);
const profile = await makeArchiveProfile(folder);
const onProgress = ({ words }: { readonly words: string }): void => {
  if (words.startsWith('Letting go') || words.startsWith('Deleting')) process.stdout.write('now');
};
if (doing === 'free') await profile.storage.free({ onProgress });
else {
  const uuids = profile.rows<{ uuid: string }>('SELECT uuid FROM nodes LIMIT 3').map(({ uuid }) => uuid);
  const selection: DeletionSelection = { what: { kind: 'nodes', uuids }, rules: {} };
  const request = { what: selection.what, rules: rulesOf(selection) };
  const { digest } = await profile.readers.profile.deletionPlan(request);
  await profile.storage.delete({ selection, digest }, { onProgress });
}
await profile.close();
process.exit();
