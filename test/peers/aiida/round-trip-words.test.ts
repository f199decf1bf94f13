import { readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { version } from '#main/version.ts';
import { AiidaProfile, findAiida, type AiidaVenv } from '../../support/aiida.ts';
import { makeArchiveProfile } from '../../support/archive-profile.ts';
import { canonicalDump, expectSame, type CanonicalDump } from '../../support/canonical-dump.ts';
import { skipReason } from '../../support/skips.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const found = await findAiida();
const noAiida = skipReason(
  'described and anonymous archives in AiiDA',
  typeof found === 'string' ? found : null,
);
const demo = resolve(import.meta.dirname, '../../../resources/demo/demo.aiida');
const everything = { what: { kind: 'all' as const }, rules: {}, logs: true, comments: true };
const about = { title: 'Silicon', author: 'Ada Example', description: 'Two\nlines', licence: 'CC-BY-4.0' };

describe.skipIf(noAiida !== null)('a described and anonymous archive in AiiDA', () => {
  test('is shown with all that was said of it, and comes in as it comes in here', async () => {
    const folder = temporaryFolder();
    const profile = await makeArchiveProfile(folder);
    onTestFinished(() => profile.close());
    await profile.archives.import(demo, { group: { kind: 'none' } });
    const file = join(folder, 'anonymous.aiida');
    const anonymous = { files: 'leave-out' } as const;
    await profile.archives.export({ selection: everything, file, compression: 6, about, anonymous });

    const aiida = AiidaProfile.anywhere(found as AiidaVenv, folder);
    const shown = await aiida.archiveInfo(file);
    for (const words of [`Stemma ${version}`, '2.9.0', ...Object.values(about)]) {
      expect(shown).toContain(words.split('\n')[0]);
    }
    const [tasks, results] = [join(folder, 'tasks.json'), join(folder, 'results.jsonl')];
    writeFileSync(tasks, JSON.stringify([{ name: 'anonymous', archive: file }]));
    await aiida.script('round_trips.py', tasks, results);
    const { dump } = JSON.parse(readFileSync(results, 'utf8')) as { dump: CanonicalDump };

    const hereFolder = temporaryFolder();
    const here = await makeArchiveProfile(hereFolder);
    onTestFinished(() => here.close());
    await here.archives.import(file, { group: { kind: 'none' } });
    expectSame(dump, await canonicalDump(here));
    expect(Object.keys(dump.users)).toContainEqual(expect.stringMatching(/^user-\d+@example\.invalid$/));
  });
});
