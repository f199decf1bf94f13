/**
 * Purges, restores what it has purged, or frees it, and says when it is in the middle of that. Run by the crash test,
 * which kills it then: `node killed-purge.ts FOLDER purge|restore|free`.
 */
import { makeArchiveProfile } from '../../support/archive-profile.ts';

const [folder = '', doing = ''] = process.argv.slice(2);
const profile = await makeArchiveProfile(folder);
const middle = { purge: 'Purging', restore: 'Bringing content back', free: 'Letting go of purged content' };
const onProgress = ({ words }: { readonly words: string }): void => {
  if (words === middle[doing as keyof typeof middle]) process.stdout.write('now');
};
await profile.storage.settle();
const uuids = profile.rows<{ uuid: string }>('SELECT uuid FROM nodes').map(({ uuid }) => uuid);
const { digest } = await profile.storage.previewPurge({ kind: 'nodes', uuids });
const { uuid } = await profile.storage.purge({ selection: { kind: 'nodes', uuids }, digest }, { onProgress });
if (doing === 'restore') await profile.storage.restorePurge(uuid, { onProgress });
else {
  await profile.storage.forgetPurges([uuid]);
  await profile.storage.free({ onProgress });
}
await profile.close();
process.exit();
