import type Database from 'better-sqlite3';
import { addAccount, addLogin, addNewFolder, addNewHost, addUpperFolder } from './collect-from-nodes.ts';
import { isTellingDomain } from './common-words.ts';
import { mapJsonStrings } from './json-strings.ts';
import { emailOf, hostOf, isPseudonym, type Pseudonyms } from './pseudonyms.ts';
import { lookInto, lookIntoMembers, type Telling } from './telling-texts.ts';

interface TextSource {
  readonly sql: string;
  /** The columns after these are JSON. */
  readonly plain: number;
}

/** Texts in which people and programs write paths and addresses. What never leaves is looked into, too: it is known by it. */
const sources: readonly TextSource[] = [
  {
    sql: `SELECT n.label, n.description, n.attributes, n.extras, n.repository_metadata
      FROM chosen AS c CROSS JOIN nodes AS n ON n.id = c.id ORDER BY c.id`,
    plain: 2,
  },
  {
    sql: `SELECT k.description, k.metadata FROM chosen_computers AS c JOIN computers AS k ON k.id = c.id ORDER BY c.id`,
    plain: 1,
  },
  {
    sql: `SELECT g.label, g.description, g.extras FROM chosen_groups AS c JOIN groups AS g ON g.id = c.id ORDER BY c.id`,
    plain: 2,
  },
  {
    sql: 'SELECT x.content FROM chosen_comments AS c JOIN comments AS x ON x.id = c.id ORDER BY c.id',
    plain: 1,
  },
  {
    sql: 'SELECT x.message, x.metadata FROM chosen_logs AS c JOIN logs AS x ON x.id = c.id ORDER BY c.id',
    plain: 1,
  },
  { sql: 'SELECT auth_params, metadata FROM authinfos ORDER BY id', plain: 0 },
];

/** Anything that {@link lookInto} could find; most texts of science have none of it. */
const mayTell = /[@/\\|]|account|-A |-P /;

/** Finds who and where in every text that leaves. */
export function collectFromTexts(db: Database.Database, names: Pseudonyms): void {
  const tell: Telling = {
    login: (login) => addLogin(names, login),
    email: (email) => addAddress(names, email),
    folder: (folder) => addNewFolder(names, folder),
    account: (account) => addAccount(names, account),
    host: (host) => addNewHost(names, host),
  };
  eachText(
    db,
    (text) => {
      if (mayTell.test(text)) lookInto(text, tell);
    },
    (json) => lookIntoMembers(json, tell),
  );
  collectDomains(db, names);
  addUpperFolders(names);
}

function eachText(
  db: Database.Database,
  look: (text: string) => void,
  lookIntoJson: (json: string) => void = () => {},
): void {
  for (const { sql, plain } of sources) {
    for (const row of db.prepare<[], readonly string[]>(sql).raw().iterate() as Iterable<readonly string[]>) {
      for (const [i, text] of row.entries()) {
        if (i < plain) look(text);
        else if (text !== '{}') {
          lookIntoJson(text);
          mapJsonStrings(text, (value) => {
            look(value);
            return value;
          });
        }
      }
    }
  }
}

function addAddress(names: Pseudonyms, email: string): void {
  if (names.has(email) || isPseudonym(email) || names.has(email.toLowerCase())) return;
  names.add('e-mail', email, emailOf(names.number('user')));
}

/** Other machines of the domains in which people and computers are: `ela.cscs.ch` beside `daint.cscs.ch`. */
function collectDomains(db: Database.Database, names: Pseudonyms): void {
  const domains = new Set<string>();
  const add = (domain: string): void => {
    if (isTellingDomain(domain)) domains.add(domain.toLowerCase());
  };
  for (const { kind, text } of names.found) {
    if (kind === 'e-mail') {
      const domain = text.slice(text.lastIndexOf('@') + 1);
      add(domain);
      add(domain.slice(domain.indexOf('.') + 1));
    } else if (kind === 'host' && text.includes('.')) add(text.slice(text.indexOf('.') + 1));
  }
  if (domains.size === 0) return;
  const all = [...domains];
  eachText(db, (text) => {
    if (!text.includes('.')) return;
    const folded = text.toLowerCase();
    if (!all.some((domain) => folded.includes(domain))) return;
    for (const [host] of folded.matchAll(/[\p{L}\p{N}-]+(?:\.[\p{L}\p{N}-]+)+/gu)) {
      if (all.some((domain) => host.endsWith(`.${domain}`))) addNewHost(names, host);
    }
  });
  for (const domain of all)
    if (!names.has(domain)) names.add('host', domain, hostOf('host', names.number('host')));
}

/** Where a folder that somebody works in lies, other folders of theirs do: `/scratch/m17/ada` of `/scratch/m17/ada/runs`. */
function addUpperFolders(names: Pseudonyms): void {
  for (const folder of names.folders()) {
    const parts = folder.split('/');
    for (let length = parts.length - 1; length > 2; length--) {
      const upper = parts.slice(0, length).join('/');
      // of a home the login is known
      if (/\/(?:home|homes|users|Users)\/[^/]+$/.test(upper)) continue;
      addUpperFolder(names, upper);
    }
  }
}
