import type Database from 'better-sqlite3';
import { isSystemFolder, isThisMachine } from './common-words.ts';
import { hostOf, isPseudonym, workFolderOf, type Pseudonyms } from './pseudonyms.ts';

/** `daint.example.org`, and the first part of it, by which people call it. */
export function addHost(names: Pseudonyms, host: string, name: 'computer' | 'host', number: number): void {
  names.add('host', host, hostOf(name, number));
  const [short = ''] = host.split('.');
  if (!/^\d+$/.test(short)) names.add('host', short, `${name}-${number}`);
}

export function addNewHost(names: Pseudonyms, host: string): void {
  if (!isThisMachine(host) && !names.has(host) && !isPseudonym(host))
    addHost(names, host, 'host', names.number('host'));
}

export function addFolder(names: Pseudonyms, folder: string, becomes: string): void {
  const plain = folder.replace(/\/+$/, '');
  if (!isSystemFolder(plain) && !isPseudonym(plain)) names.add('folder', plain, becomes);
}

/** AiiDA's folder of a job: the work directory, then its UUID in three pieces. */
const ofJob = /\/[0-9a-f]{2}\/[0-9a-f]{2}\/[0-9a-f-]{32,}(?:\/.*)?$/;

/** What tells runs from each other and says nothing of anybody: `/scratch/m17/runs/000012`. */
const numbered = /(?:\/(?:\d+|[0-9a-f]{8,}(?:-[0-9a-f]{4,})*))+$/;

/** So many folders are told apart whole; of more, the upper parts. */
const mostFolders = 5000;
const upperParts = 3;

/** A folder of which nothing is known, nor of one in which it lies as deep as a person's own are. */
export function addNewFolder(names: Pseudonyms, folder: string): void {
  let plain = folder.replace(ofJob, '').replace(/\/+$/, '').replace(numbered, '');
  if (plain.indexOf('/', 1) === -1 && plain !== folder) return;
  if (names.count('folder') > mostFolders) plain = upperOf(plain, upperParts);
  if (isSystemFolder(plain) || names.has(plain)) return;
  const depth = plain.split('/').length - 1;
  for (let parts = 1; parts <= depth; parts++) {
    const upper = upperOf(plain, parts);
    if (isPseudonym(upper) || (parts >= upperParts && names.has(upper))) return;
  }
  addUpperFolder(names, plain);
}

/** @param folder that others lie in, of which some are known */
export function addUpperFolder(names: Pseudonyms, folder: string): void {
  if (isSystemFolder(folder) || isPseudonym(folder) || names.has(folder)) return;
  names.add('folder', folder, `/folder-${names.number('folder')}`);
}

const upperOf = (folder: string, parts: number): string =>
  folder
    .split('/')
    .slice(0, parts + 1)
    .join('/');

export function addLogin(names: Pseudonyms, login: string): void {
  if (!names.has(login) && !isPseudonym(login)) names.add('login', login, `user-${names.number('user')}`);
}

export function addAccount(names: Pseudonyms, account: string): void {
  if (!names.has(account) && !isPseudonym(account))
    names.add('account', account, `account-${names.number('account')}`);
}

interface PlacedNode {
  readonly computer: number | null;
  readonly remote: string | null;
  readonly executable: string | null;
}

/** Attributes that are known to hold where something ran (aiida-core 2.9, `CalcJobNode`, `RemoteData`, codes). */
export function collectFromNodes(
  db: Database.Database,
  names: Pseudonyms,
  computers: ReadonlyMap<number, number>,
): void {
  const rows = db.prepare<[], PlacedNode>(
    `SELECT n.computer_id AS computer,
       coalesce(json_extract(n.attributes, '$.remote_workdir'), json_extract(n.attributes, '$.remote_path'),
         json_extract(n.attributes, '$.target_basepath')) AS remote,
       coalesce(json_extract(n.attributes, '$.filepath_executable'), json_extract(n.attributes, '$.remote_exec_path')) AS executable
     FROM chosen AS c CROSS JOIN nodes AS n ON n.id = c.id ORDER BY c.id`,
  );
  const logins = loginsInFolders(db);
  const work = new Map<number, number>();
  for (const row of rows.iterate()) {
    if (isText(row.remote)) {
      const login = row.computer === null ? undefined : logins.get(row.computer)?.exec(row.remote)?.[1];
      if (login !== undefined) addLogin(names, login);
      const number = row.computer === null ? undefined : computers.get(row.computer);
      const folder = row.remote.replace(ofJob, '');
      if (!names.has(folder) && number !== undefined && folder !== row.remote) {
        const another = (work.get(number) ?? 0) + 1;
        work.set(number, another);
        addFolder(names, folder, workFolderOf(number, another));
      } else if (!names.has(folder)) addNewFolder(names, folder);
    }
    if (isText(row.executable) && row.executable.startsWith('/')) {
      addNewFolder(names, row.executable.slice(0, row.executable.lastIndexOf('/')));
    }
  }
}

const isText = (value: unknown): value is string => typeof value === 'string' && value !== '';

/** `/scratch/{username}/aiida` as AiiDA keeps it: in a real folder the login stands in its place. */
function loginsInFolders(db: Database.Database): ReadonlyMap<number, RegExp> {
  const rows = db
    .prepare<[], { id: number; workdir: unknown }>(
      `SELECT k.id, json_extract(k.metadata, '$.workdir') AS workdir
       FROM chosen_computers AS c JOIN computers AS k ON k.id = c.id`,
    )
    .all();
  const found = new Map<number, RegExp>();
  for (const { id, workdir } of rows) {
    if (!isText(workdir) || !workdir.includes('{username}')) continue;
    const [before = ''] = workdir.split('{username}');
    found.set(id, new RegExp(`^${before.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`)}([^/]+)`));
  }
  return found;
}
