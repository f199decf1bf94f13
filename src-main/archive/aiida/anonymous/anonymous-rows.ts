import type { ObjectHash } from '#shared/provenance/ids.ts';
import { writePyJson } from '#shared/provenance/python-json.ts';
import {
  readRepositoryTree,
  writeRepositoryTree,
  type RepositoryDirectory,
  type RepositoryEntry,
} from '#shared/provenance/repository-tree.ts';
import type { ArchiveTable, ChosenRows } from '../export/chosen-rows.ts';
import { withoutMembers } from '../import/json-text.ts';
import type { Identities } from './collect-identities.ts';
import { isThisMachine } from './common-words.ts';
import { mapJsonStrings } from './json-strings.ts';
import type { KnownStrings } from './known-strings.ts';
import { emailOf, hostOf } from './pseudonyms.ts';

/** A cell of a row that leaves. */
type Cell = string | number | null;

/** Of the rows of one table: changes the cells of a row in place. */
export type RowChange = (row: Cell[]) => void;

interface Texts {
  readonly plain?: readonly string[];
  readonly json?: readonly string[];
  /** Names of modules and labels of links, in which a dash would mean something. */
  readonly names?: readonly string[];
}

/** Columns in which anybody may have written anything. What says how a row is read (`node_type`, `type_string`) stays. */
const textsOf: Readonly<Record<ArchiveTable, Texts>> = {
  db_dbuser: {},
  db_dbcomputer: { json: ['metadata'] },
  db_dbgroup: { plain: ['description'], json: ['extras'] },
  db_dbnode: { plain: ['label', 'description'], json: ['attributes', 'extras'], names: ['process_type'] },
  db_dbcomment: { plain: ['content'] },
  db_dblog: { plain: ['message'], json: ['metadata'], names: ['loggername'] },
  db_dblink: { names: ['label'] },
  db_dbgroup_dbnodes: {},
};

const whereWords: Readonly<Record<ArchiveTable, string>> = {
  db_dbuser: 'users',
  db_dbcomputer: 'computers',
  db_dbgroup: 'groups',
  db_dbnode: 'nodes',
  db_dbcomment: 'comments',
  db_dblog: 'log lines',
  db_dblink: 'links',
  db_dbgroup_dbnodes: 'members of groups',
};

/** Changes the rows of an archive while they are written, and counts what it changes. */
export class AnonymousRows {
  readonly #identities: Identities;
  readonly #known: KnownStrings;
  /** Files that do not leave. */
  readonly #left: ReadonlySet<ObjectHash>;
  readonly #watch: (text: string) => void;
  readonly #changes = new Map<string, number>();
  readonly #groupLabels = new Set<string>();

  /** @param watch is shown every text before it changes */
  constructor(
    identities: Identities,
    known: KnownStrings,
    left: ReadonlySet<ObjectHash>,
    watch: (text: string) => void = () => {},
  ) {
    this.#identities = identities;
    this.#known = known;
    this.#left = left;
    this.#watch = watch;
  }

  /** How many cells have changed, by where they stand. */
  get changes(): ReadonlyMap<string, number> {
    return this.#changes;
  }

  of({ target: named, columns }: ChosenRows): RowChange {
    const target = named as ArchiveTable;
    const change = this.#cells(target, columns);
    return (row) => {
      const before = row.slice();
      change(row);
      for (const [i, cell] of row.entries()) {
        if (cell === before[i]) continue;
        const where = `${(columns[i] ?? '').replaceAll('_', ' ')} of ${whereWords[target]}`;
        this.#changes.set(where, (this.#changes.get(where) ?? 0) + 1);
      }
    };
  }

  #cells(target: ArchiveTable, columns: readonly string[]): RowChange {
    const { plain = [], json = [], names = [] } = textsOf[target];
    const places = (of: readonly string[]): readonly number[] => of.map((name) => columns.indexOf(name));
    const each = (at: readonly number[], change: (text: string) => string): RowChange => {
      return (row) => {
        for (const i of at) if (typeof row[i] === 'string') row[i] = change(row[i]);
      };
    };
    const changes = [
      each(places(plain), (text) => this.#text(text)),
      each(places(json), (text) => mapJsonStrings(text, (value) => this.#text(value))),
      each(places(names), (text) => this.#name(text)),
    ];
    const own = this.#own(target, columns);
    return (row) => {
      own(row);
      for (const change of changes) change(row);
    };
  }

  /** What a table has besides texts. */
  #own(target: ArchiveTable, columns: readonly string[]): RowChange {
    const at = (name: string): number => columns.indexOf(name);
    const { users, computers } = this.#identities;
    switch (target) {
      case 'db_dbuser': {
        const [email, first, last, institution] = ['email', 'first_name', 'last_name', 'institution'].map(
          at,
        ) as [number, number, number, number];
        return (row) => {
          const number = users.get(Number(row[0])) ?? Number(row[0]);
          for (const i of [email, first, last, institution]) this.#known.note(String(row[i]));
          row[email] = emailOf(number);
          row[first] = 'User';
          row[last] = String(number);
          row[institution] = '';
        };
      }
      case 'db_dbcomputer': {
        const [label, hostname, description] = ['label', 'hostname', 'description'].map(at) as [
          number,
          number,
          number,
        ];
        return (row) => {
          const number = computers.get(Number(row[0])) ?? Number(row[0]);
          for (const i of [label, hostname, description]) this.#known.note(String(row[i]));
          row[label] = `computer-${number}`;
          if (!isThisMachine(String(row[hostname]))) row[hostname] = hostOf('computer', number);
          row[description] = '';
        };
      }
      case 'db_dbgroup': {
        const [label, type] = [at('label'), at('type_string')];
        return (row) => {
          row[label] = this.#groupLabel(String(row[label]), String(row[type]));
        };
      }
      case 'db_dbnode': {
        const [extras, files] = [at('extras'), at('repository_metadata')];
        return (row) => {
          // hashes of what the attributes were: whoever has a guess could try it on them
          row[extras] = withoutMembers(String(row[extras]), (key) => key.startsWith('_aiida_'));
          this.#tree(row, files, extras);
        };
      }
      default:
        return () => {};
    }
  }

  #text(text: string): string {
    this.#watch(text);
    return this.#known.replace(text);
  }

  #name(text: string): string {
    const changed = this.#text(text);
    return changed === text
      ? text
      : changed.replaceAll(/(?<=(?:user|computer|host|account|institution|folder))-(?=\d)/g, '_');
  }

  /** Two groups of a type cannot have one label. */
  #groupLabel(label: string, type: string): string {
    const changed = this.#text(label);
    let free = changed;
    for (let i = 2; this.#groupLabels.has(`${type} ${free}`); i++) free = `${changed} (${i})`;
    this.#groupLabels.add(`${type} ${free}`);
    return free;
  }

  /** Names of files are texts; files that do not leave are named in an extra, with their hash no more. */
  #tree(row: Cell[], files: number, extras: number): void {
    const text = String(row[files]);
    if (text === '{}') return;
    const left: string[] = [];
    const tree = readRepositoryTree(JSON.parse(text));
    const written = (of: RepositoryDirectory): string => JSON.stringify(writeRepositoryTree(of));
    const changed = written(this.#directory(tree, '', left));
    if (changed !== written(tree)) row[files] = changed;
    if (left.length === 0) return;
    const others = withoutMembers(String(row[extras]), (key) => key === leftOutExtra);
    const member = `${JSON.stringify(leftOutExtra)}: ${writePyJson(left)}`;
    row[extras] = others === '{}' ? `{${member}}` : `${others.trimEnd().slice(0, -1)}, ${member}}`;
  }

  #directory({ children }: RepositoryDirectory, path: string, left: string[]): RepositoryDirectory {
    const kept = new Map<string, RepositoryEntry>();
    for (const [name, child] of children) {
      const changed = this.#text(name);
      let free = changed;
      for (let i = 2; kept.has(free); i++) free = `${changed}-${i}`;
      if (child.kind === 'directory') kept.set(free, this.#directory(child, `${path}${free}/`, left));
      else if (this.#left.has(child.hash)) left.push(`${path}${free}`);
      else kept.set(free, child);
    }
    return { kind: 'directory', children: kept };
  }
}

/** The extra that names the files which an anonymised export has left out. */
export const leftOutExtra = 'files_left_out';
