import type Database from 'better-sqlite3';
import { isSystemFolder, isThisMachine } from './common-words.ts';
import { emailOf, hostOf, isPseudonym, Pseudonyms, workFolderOf } from './pseudonyms.ts';

/** Where this program runs, and as whom. */
export interface Machine {
  readonly user: string;
  readonly host: string;
  readonly home: string;
}

/** What a user and a computer become, by their ids; and everything that stands for them in texts. */
export interface Identities {
  readonly users: ReadonlyMap<number, number>;
  readonly computers: ReadonlyMap<number, number>;
  readonly names: Pseudonyms;
}

interface UserRow {
  readonly id: number;
  readonly email: string;
  readonly first_name: string;
  readonly last_name: string;
  readonly institution: string;
}

interface ComputerRow {
  readonly id: number;
  readonly label: string;
  readonly hostname: string;
  readonly metadata: string;
}

/** Logins as they stand in paths: `/home/ada`, `/users/ada`, `C:\\Users\\ada`. */
const homeLogin = /(?:\/(?:home|homes|users|Users)\/|[A-Za-z]:\\{1,2}Users\\{1,2})([A-Za-z_][\w.-]*)/g;
/** As most programs find them; the domain has a dot. */
const address = /[\p{L}\p{N}._%+-]+@[\p{L}\p{N}-]+(?:\.[\p{L}\p{N}-]+)+/gu;

/**
 * Who and where, from what leaves (the temporary tables `chosen_…`), and from what the profile knows besides: the logins
 * by which its computers are reached, and the machine that it is on.
 */
export function collectIdentities(db: Database.Database, machine: Machine): Identities {
  const names = new Pseudonyms();
  const users = collectUsers(db, names);
  const computers = collectComputers(db, names);
  const firstUser = users.values().next().value ?? names.number('user');
  collectLogins(db, names, users, firstUser);
  names.add('login', machine.user, `user-${firstUser}`);
  if (!isThisMachine(machine.host)) addHost(names, machine.host, 'host', names.number('host'));
  if (!isSystemFolder(machine.home)) names.add('folder', machine.home, `/folder-${names.number('folder')}`);
  collectFromNodes(db, names, computers);
  collectFromTexts(db, names);
  return { users, computers, names };
}

function collectUsers(db: Database.Database, names: Pseudonyms): ReadonlyMap<number, number> {
  const rows = db
    .prepare<[], UserRow>('SELECT u.* FROM chosen_users AS c JOIN users AS u ON u.id = c.id ORDER BY u.id')
    .all();
  names.keep(
    'user',
    rows.map(({ email }) => email),
  );
  const numbers = new Map<number, number>();
  const institutions = new Map<string, number>();
  for (const { id, email, first_name: first, last_name: last, institution } of rows) {
    const number = names.number('user', email);
    numbers.set(id, number);
    if (isPseudonym(email)) continue;
    const name = `user-${number}`;
    names.add('e-mail', email, emailOf(number));
    names.add('login', email.split('@')[0] ?? '', name);
    if (first !== '' && last !== '') {
      for (const full of [`${first} ${last}`, `${last} ${first}`, `${last}, ${first}`])
        names.add('name', full, name);
    }
    names.add('name', last, name);
    names.add('name', first, name);
    if (institution.trim() === '') continue;
    const place = institutions.get(institution) ?? names.number('institution', institution);
    institutions.set(institution, place);
    names.add('institution', institution, `institution-${place}`);
  }
  return numbers;
}

function collectComputers(db: Database.Database, names: Pseudonyms): ReadonlyMap<number, number> {
  const rows = db
    .prepare<[], ComputerRow>(
      'SELECT k.id, k.label, k.hostname, k.metadata FROM chosen_computers AS c JOIN computers AS k ON k.id = c.id ORDER BY k.id',
    )
    .all();
  names.keep(
    'computer',
    rows.map(({ label }) => label),
  );
  const numbers = new Map<number, number>();
  for (const { id, label, hostname, metadata } of rows) {
    const number = names.number('computer', label);
    numbers.set(id, number);
    if (!isThisMachine(hostname)) addHost(names, hostname, 'computer', number);
    names.add('computer', label, `computer-${number}`);
    const workdir: unknown = (JSON.parse(metadata) as Record<string, unknown>)['workdir'];
    if (typeof workdir === 'string') addFolder(names, workdir, workFolderOf(number));
  }
  return numbers;
}

/** `daint.example.org`, and the first part of it, by which people call it. */
function addHost(names: Pseudonyms, host: string, name: 'computer' | 'host', number: number): void {
  names.add('host', host, hostOf(name, number));
  const [short = ''] = host.split('.');
  if (!/^\d+$/.test(short)) names.add('host', short, `${name}-${number}`);
}

function addFolder(names: Pseudonyms, folder: string, becomes: string): void {
  const plain = folder.replace(/\/+$/, '');
  if (!isSystemFolder(plain) && !isPseudonym(plain)) names.add('folder', plain, becomes);
}

/** Logins to computers: they never leave, and are known. */
function collectLogins(
  db: Database.Database,
  names: Pseudonyms,
  users: ReadonlyMap<number, number>,
  firstUser: number,
): void {
  const rows = db
    .prepare<[], { readonly user: number; readonly login: unknown }>(
      `SELECT user_id AS user, json_extract(auth_params, '$.username') AS login FROM authinfos ORDER BY id`,
    )
    .all();
  for (const { user, login } of rows) {
    if (typeof login === 'string') names.add('login', login, `user-${users.get(user) ?? firstUser}`);
  }
}

interface PlacedNode {
  readonly computer: number | null;
  readonly remote: string | null;
  readonly executable: string | null;
  readonly account: string | null;
  readonly owner: string | null;
  readonly machines: string | null;
}

/** AiiDA's folder of a job: the work directory, then its UUID in three pieces. */
const ofJob = /\/[0-9a-f]{2}\/[0-9a-f]{2}\/[0-9a-f-]{32,}(?:\/.*)?$/;

/** Attributes that are known to hold where something ran, and as whom (aiida-core 2.9, `CalcJobNode`, `RemoteData`, codes). */
function collectFromNodes(
  db: Database.Database,
  names: Pseudonyms,
  computers: ReadonlyMap<number, number>,
): void {
  const rows = db.prepare<[], PlacedNode>(
    `SELECT n.computer_id AS computer,
       coalesce(json_extract(n.attributes, '$.remote_workdir'), json_extract(n.attributes, '$.remote_path'),
         json_extract(n.attributes, '$.target_basepath')) AS remote,
       coalesce(json_extract(n.attributes, '$.filepath_executable'), json_extract(n.attributes, '$.remote_exec_path')) AS executable,
       json_extract(n.attributes, '$.account') AS account,
       CASE json_type(n.attributes, '$.last_job_info') WHEN 'object' THEN json_extract(n.attributes, '$.last_job_info.job_owner') END AS owner,
       CASE json_type(n.attributes, '$.last_job_info') WHEN 'object' THEN json_extract(n.attributes, '$.last_job_info.allocated_machines') END AS machines
     FROM chosen AS c CROSS JOIN nodes AS n ON n.id = c.id ORDER BY c.id`,
  );
  const work = new Map<number, number>();
  for (const row of rows.iterate()) {
    if (isText(row.remote)) {
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
    if (isText(row.account) && !names.has(row.account) && !isPseudonym(row.account)) {
      names.add('account', row.account, `account-${names.number('account')}`);
    }
    if (isText(row.owner)) addLogin(names, row.owner);
    for (const machine of machinesIn(row.machines)) {
      if (!isThisMachine(machine) && !names.has(machine) && !isPseudonym(machine))
        addHost(names, machine, 'host', names.number('host'));
    }
  }
}

const isText = (value: unknown): value is string => typeof value === 'string' && value !== '';

function addNewFolder(names: Pseudonyms, folder: string): void {
  const plain = folder.replace(/\/+$/, '');
  if (isSystemFolder(plain) || isPseudonym(plain) || names.has(plain)) return;
  names.add('folder', plain, `/folder-${names.number('folder')}`);
}

function addLogin(names: Pseudonyms, login: string): void {
  if (!names.has(login) && !isPseudonym(login)) names.add('login', login, `user-${names.number('user')}`);
}

/** `allocated_machines` is a list of objects with a name. */
function machinesIn(text: string | null): readonly string[] {
  if (!isText(text) || !text.startsWith('[')) return [];
  const list = JSON.parse(text) as readonly { readonly name?: unknown }[];
  return list.flatMap((item) => (isText(item?.name) ? [item.name] : []));
}

/** Texts in which people and programs write paths and addresses. */
const texts = [
  'SELECT n.attributes, n.extras FROM chosen AS c CROSS JOIN nodes AS n ON n.id = c.id ORDER BY c.id',
  'SELECT x.content, x.uuid FROM chosen_comments AS c JOIN comments AS x ON x.id = c.id ORDER BY c.id',
  'SELECT x.message, x.metadata FROM chosen_logs AS c JOIN logs AS x ON x.id = c.id ORDER BY c.id',
] as const;

function collectFromTexts(db: Database.Database, names: Pseudonyms): void {
  for (const sql of texts) {
    for (const row of db.prepare<[], readonly [string, string]>(sql).raw().iterate()) {
      for (const text of row) {
        for (const [, login = ''] of text.matchAll(homeLogin)) addLogin(names, login.replace(/[.-]+$/, ''));
        if (!text.includes('@')) continue;
        for (const [email] of text.matchAll(address)) addAddress(names, email);
      }
    }
  }
}

function addAddress(names: Pseudonyms, email: string): void {
  if (
    names.has(email) ||
    isPseudonym(email) ||
    names.found.some(({ text }) => text.toLowerCase() === email.toLowerCase())
  )
    return;
  names.add('e-mail', email, emailOf(names.number('user')));
}
