import { isUuid, type Uuid } from '#shared/provenance/ids.ts';
import { readTimestamp } from '#shared/provenance/timestamps.ts';
import { archiveDamaged } from '../container/archive-errors.ts';
import { foreignTables, type Cell, type ForeignTable } from './tables.ts';

/** Rows of an archive with types. In all of them ids are those of the archive, and times microseconds since 1970. */
export interface ForeignUser {
  readonly id: number;
  readonly email: string;
  readonly firstName: string;
  readonly lastName: string;
  readonly institution: string;
}

export interface ForeignComputer {
  readonly id: number;
  readonly uuid: Uuid;
  readonly label: string;
  readonly hostname: string;
  readonly description: string;
  readonly schedulerType: string;
  readonly transportType: string;
  /** JSON text, as the next ones. */
  readonly metadata: string;
}

export interface ForeignGroup {
  readonly id: number;
  readonly uuid: Uuid;
  readonly label: string;
  readonly typeString: string;
  readonly time: number;
  readonly description: string;
  readonly extras: string;
  readonly user: number;
}

/** `attributes`, `extras` and `repository` are JSON text, as stored. */
export interface ForeignNode {
  readonly id: number;
  readonly uuid: Uuid;
  readonly nodeType: string;
  readonly processType: string | null;
  readonly label: string;
  readonly description: string;
  readonly ctime: number;
  readonly mtime: number;
  readonly attributes: string;
  readonly extras: string;
  readonly repository: string;
  readonly computer: number | null;
  readonly user: number;
}

export interface ForeignNodeFiles {
  readonly uuid: Uuid;
  readonly repository: string;
}

export interface ForeignLink {
  readonly source: number;
  readonly target: number;
  readonly label: string;
  readonly type: string;
}

export interface ForeignMember {
  readonly group: number;
  readonly node: number;
}

export interface ForeignComment {
  readonly uuid: Uuid;
  readonly node: number;
  readonly ctime: number;
  readonly mtime: number;
  readonly user: number;
  readonly content: string;
}

export interface ForeignLog {
  readonly uuid: Uuid;
  readonly time: number;
  readonly logger: string;
  readonly level: string;
  readonly node: number;
  readonly message: string;
  readonly metadata: string;
}

/** How a user logs in to a computer. */
export interface ForeignAuthInfo {
  readonly id: number;
  readonly user: number;
  readonly computer: number;
  readonly metadata: string;
  readonly authParams: string;
  readonly enabled: boolean;
}

/** Reads the cells of one row one after the other and says which one makes no sense. */
class RowReader {
  readonly #table: ForeignTable;
  readonly #cells: readonly Cell[];
  #at = 0;

  constructor(table: ForeignTable, cells: readonly Cell[]) {
    this.#table = table;
    this.#cells = cells;
  }

  #wrong(what: string): never {
    const column = foreignTables[this.#table].columns[this.#at - 1] ?? '';
    const id = String(this.#cells[0]);
    throw archiveDamaged(`${this.#table} ${id}`, `row ${id} of its ${this.#table} has ${what} as ${column}`);
  }

  integer(): number {
    const value = this.integerOrNull();
    return value ?? this.#wrong('nothing');
  }

  integerOrNull(): number | null {
    const cell = this.#cells[this.#at++] ?? null;
    if (cell === null || (typeof cell === 'number' && Number.isSafeInteger(cell))) return cell;
    return this.#wrong('no integer');
  }

  /** `missing` stands for NULL, which files of before AiiDA 2.0 have where later ones have a default. */
  text(missing: string): string {
    return this.textOrNull() ?? missing;
  }

  textOrNull(): string | null {
    const cell = this.#cells[this.#at++] ?? null;
    if (cell === null || typeof cell === 'string') return cell;
    return this.#wrong('no text');
  }

  uuid(): Uuid {
    const text = this.text('').toLowerCase();
    return isUuid(text) ? text : this.#wrong('no UUID');
  }

  time(missing: number): number {
    const text = this.textOrNull();
    if (text === null) return missing;
    try {
      return readTimestamp(text);
    } catch {
      return this.#wrong(`“${text.slice(0, 40)}”`);
    }
  }
}

/** Turns the cells of each table into its rows. `now` (microseconds) stands where an early file has no time. */
export const rowReaders = (now: number) => ({
  users: (cells: readonly Cell[]): ForeignUser => {
    const row = new RowReader('users', cells);
    return {
      id: row.integer(),
      email: row.text(''),
      firstName: row.text(''),
      lastName: row.text(''),
      institution: row.text(''),
    };
  },
  computers: (cells: readonly Cell[]): ForeignComputer => {
    const row = new RowReader('computers', cells);
    return {
      id: row.integer(),
      uuid: row.uuid(),
      label: row.text(''),
      hostname: row.text(''),
      description: row.text(''),
      schedulerType: row.text(''),
      transportType: row.text(''),
      metadata: row.text('{}'),
    };
  },
  groups: (cells: readonly Cell[]): ForeignGroup => {
    const row = new RowReader('groups', cells);
    return {
      id: row.integer(),
      uuid: row.uuid(),
      label: row.text(''),
      typeString: row.text('core'),
      time: row.time(now),
      description: row.text(''),
      extras: row.text('{}'),
      user: row.integer(),
    };
  },
  nodes: (cells: readonly Cell[]): ForeignNode => {
    const row = new RowReader('nodes', cells);
    return {
      id: row.integer(),
      uuid: row.uuid(),
      nodeType: row.text(''),
      processType: row.textOrNull(),
      label: row.text(''),
      description: row.text(''),
      ctime: row.time(now),
      mtime: row.time(now),
      attributes: row.text('{}'),
      extras: row.text('{}'),
      repository: row.text('{}'),
      computer: row.integerOrNull(),
      user: row.integer(),
    };
  },
  nodeFiles: (cells: readonly Cell[]): ForeignNodeFiles => {
    const row = new RowReader('nodeFiles', cells);
    row.integer();
    return { uuid: row.uuid(), repository: row.text('{}') };
  },
  links: (cells: readonly Cell[]): ForeignLink => {
    const row = new RowReader('links', cells);
    row.integer();
    return { source: row.integer(), target: row.integer(), label: row.text(''), type: row.text('') };
  },
  groupNodes: (cells: readonly Cell[]): ForeignMember => {
    const row = new RowReader('groupNodes', cells);
    row.integer();
    return { group: row.integer(), node: row.integer() };
  },
  comments: (cells: readonly Cell[]): ForeignComment => {
    const row = new RowReader('comments', cells);
    row.integer();
    return {
      uuid: row.uuid(),
      node: row.integer(),
      ctime: row.time(now),
      mtime: row.time(now),
      user: row.integer(),
      content: row.text(''),
    };
  },
  logs: (cells: readonly Cell[]): ForeignLog => {
    const row = new RowReader('logs', cells);
    row.integer();
    return {
      uuid: row.uuid(),
      time: row.time(now),
      logger: row.text(''),
      level: row.text(''),
      node: row.integer(),
      message: row.text(''),
      metadata: row.text('{}'),
    };
  },
  authInfos: (cells: readonly Cell[]): ForeignAuthInfo => {
    const row = new RowReader('authInfos', cells);
    return {
      id: row.integer(),
      user: row.integer(),
      computer: row.integer(),
      metadata: row.text('{}'),
      authParams: row.text('{}'),
      enabled: (row.integerOrNull() ?? 1) !== 0,
    };
  },
});

export type RowReaders = ReturnType<typeof rowReaders>;
export type ReadableTable = keyof RowReaders;
export type RowOf<T extends ReadableTable> = ReturnType<RowReaders[T]>;
