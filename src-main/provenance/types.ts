import type { Emitter } from '#shared/base/emitter.ts';
import type { ComputerId, GroupId, NodeId, UserId, Uuid } from '#shared/provenance/ids.ts';
import type { PyJson } from '#shared/provenance/python-json.ts';
import type { EngineStore, EngineTransaction } from '../engine/ports.ts';

/** What a committed transaction touched. Sent after the commit; `everything` after an import. */
export interface Changes {
  readonly everything: boolean;
  readonly nodes: ReadonlySet<NodeId>;
  /** Nodes whose links or logs changed. */
  readonly surroundings: ReadonlySet<NodeId>;
  readonly groups: boolean;
  readonly computers: boolean;
  readonly settings: boolean;
}

/** A computer as the database has it. */
export interface ComputerRecord {
  readonly id: ComputerId;
  readonly uuid: Uuid;
  readonly label: string;
  readonly hostname: string;
  readonly description: string;
  readonly schedulerType: string;
  readonly transportType: string;
  /** AiiDA's keys: workdir, shebang, mpirun_command, … */
  readonly metadata: { readonly [key: string]: unknown };
  /** How this profile's user logs in; null for a computer that came with an archive. */
  readonly auth: { readonly enabled: boolean; readonly params: { readonly [key: string]: unknown } } | null;
}

export type NewComputer = Omit<ComputerRecord, 'id' | 'auth'>;

/** What people change, beside what the engine writes. Every `mtime` is in microseconds since 1970. */
export interface WriteTransaction extends EngineTransaction {
  setLabel(node: NodeId, label: string, mtime: number): void;
  setDescription(node: NodeId, description: string, mtime: number): void;
  /** JSON text of all extras. */
  setExtras(node: NodeId, extras: string, mtime: number): void;
  /** Sets (or with `undefined` takes away) some extras; the text of the others stays as it is. */
  patchExtras(node: NodeId, patch: { readonly [key: string]: PyJson | undefined }, mtime: number): void;
  insertComment(comment: {
    readonly uuid: Uuid;
    readonly node: NodeId;
    /** Microseconds since 1970. */
    readonly time: number;
    readonly content: string;
  }): void;
  removeComment(uuid: Uuid): void;

  insertComputer(computer: NewComputer): ComputerId;
  updateComputer(uuid: Uuid, change: Partial<Omit<NewComputer, 'uuid'>>): void;
  /** @throws StemmaError `computer-in-use` while a node refers to it */
  removeComputer(uuid: Uuid): void;
  putAuth(
    computer: Uuid,
    auth: { readonly enabled: boolean; readonly params: { readonly [key: string]: unknown } },
  ): void;

  insertGroup(group: {
    readonly uuid: Uuid;
    readonly label: string;
    readonly typeString: string;
    readonly description: string;
    readonly time: number;
  }): GroupId;
  /** @throws StemmaError `label-taken` */
  updateGroup(uuid: Uuid, change: { readonly label?: string; readonly description?: string }): void;
  removeGroup(uuid: Uuid): void;
  /** How many were not members before, or were. */
  addToGroup(group: Uuid, nodes: readonly Uuid[]): number;
  removeFromGroup(group: Uuid, nodes: readonly Uuid[]): number;

  setUser(user: {
    readonly email: string;
    readonly firstName: string;
    readonly lastName: string;
    readonly institution: string;
  }): UserId;
  setSetting(key: string, value: unknown): void;
}

/** The one writer of a profile's database. Everything that reads much goes through the readers instead. */
export interface ProvenanceStore {
  readonly file: string;
  readonly engine: EngineStore;
  readonly changes: Emitter<Changes>;
  /** One durable transaction. @throws StemmaError `database-busy` while an import commits, `disk-full`, … */
  write<T>(work: (tx: WriteTransaction) => T): T;
  /** The same, but waits (without blocking) until the database is free. */
  writeWhenFree<T>(work: (tx: WriteTransaction) => T, signal?: AbortSignal): Promise<T>;
  /** Tells everybody that another connection has written: an import. */
  noteImport(): void;

  nodeId(uuid: Uuid): NodeId | null;
  /** What a person called it; empty where nobody did. */
  label(uuid: Uuid): string;
  computers(): readonly ComputerRecord[];
  computer(uuid: Uuid): ComputerRecord | null;
  /** The keys alone: the engine asks for them with every process and each of its inputs. */
  computerId(uuid: Uuid): ComputerId | null;
  computerUuid(id: ComputerId): Uuid | null;
  user(): {
    readonly id: UserId;
    readonly email: string;
    readonly firstName: string;
    readonly lastName: string;
    readonly institution: string;
  };
  setting(key: string): unknown;
  close(): void;
}
