import { readJsonObject, sameJson } from './json-text.ts';
import type { MergeContext } from './merge-context.ts';
import type { ComputerMap, UserMap } from './merge-people.ts';
import { counted } from './words.ts';

interface AuthInfoRow {
  readonly enabled: number;
  readonly auth_params: string;
}

/**
 * How users log in to computers, by user and computer: what is here stays as it is. Only where a person asked for it,
 * because it decides with which account and key a connection is made; there is never a secret in it.
 */
export async function mergeAuthInfos(
  { db, archive, log, options, write, signal }: MergeContext,
  users: UserMap,
  computers: ComputerMap,
): Promise<void> {
  const all = archive.counts.authInfos;
  if (!options.authInfos) {
    if (all > 0) log.note(`Left out: the login settings of ${counted(all, 'computer', 'computers')}.`);
    return;
  }
  const find = db.prepare<[number, number], AuthInfoRow>(
    'SELECT enabled, auth_params FROM authinfos WHERE user_id = ? AND computer_id = ?',
  );
  const insert = db.prepare(
    'INSERT INTO authinfos (user_id, computer_id, enabled, auth_params, metadata) VALUES (?, ?, ?, ?, ?)',
  );
  const counts = log.counts.authInfos;
  for await (const page of archive.pages('authInfos', signal)) {
    for (const one of page) {
      const [user, computer] = [users.get(one.user), computers.get(one.computer)];
      const subject = `login settings ${one.id}`;
      if (user === undefined || computer === undefined) {
        const what = user === undefined ? `user ${one.user}` : `computer ${one.computer}`;
        log.conflict('authInfos', subject, `they belong to ${what}, which is not in the archive.`);
        continue;
      }
      const here = user === 0 || computer === 0 ? undefined : find.get(user, computer);
      if (here !== undefined) {
        const same = (here.enabled === 1) === one.enabled && sameJson(here.auth_params, one.authParams);
        counts[same ? 'identical' : 'changed']++;
        continue;
      }
      const problem = [one.authParams, one.metadata].map(readJsonObject).find((read) => !read.ok);
      if (problem?.ok === false) {
        log.conflict('authInfos', subject, `their text ${problem.why}.`);
        continue;
      }
      counts.new++;
      if (write) insert.run(user, computer, one.enabled ? 1 : 0, one.authParams, one.metadata);
    }
  }
}
