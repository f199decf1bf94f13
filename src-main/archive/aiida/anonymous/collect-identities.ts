import type Database from 'better-sqlite3';
import { addFolder, addHost, collectFromNodes } from './collect-from-nodes.ts';
import { collectFromTexts } from './collect-from-texts.ts';
import { isSystemFolder, isThisMachine } from './common-words.ts';
import { emailOf, isPseudonym, Pseudonyms, workFolderOf } from './pseudonyms.ts';

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

/** Letters of a part of an e-mail that is looked for on its own. */
const longName = 6;

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
    const login = email.split('@')[0] ?? '';
    names.add('login', login, name);
    // `ada.lovelace@…`, where nobody has said what she is called
    const [one = '', other = ''] = login.split(/[._-]/).filter((part) => /^\p{L}{2,}$/u.test(part));
    if (other !== '') {
      for (const full of [`${one} ${other}`, `${other} ${one}`, `${other}, ${one}`])
        names.add('name', full, name);
      // shorter ones are words of a language more often than not
      for (const part of [one, other]) if (part.length >= longName) names.add('login', part, name);
    }
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
