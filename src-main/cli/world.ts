import type { Client } from '#shared/channel/client.ts';
import type { ArchiveInfo } from '#shared/contract/areas/sharing.ts';
import type { Contract } from '#shared/contract/contract.ts';
import type { ShellFiles } from '../shells/core-face.ts';

/** What of the contract archives need, in and out. */
export type ArchiveContract = Pick<Contract, ArchiveName>;
type ArchiveName =
  | 'archives.import'
  | 'archives.previewImport'
  | 'archives.export'
  | 'archives.previewAnonymous'
  | 'groups.list';

/** A profile that is open for its archives alone: nothing of it runs. */
export interface ArchiveCore {
  readonly client: Client<ArchiveContract>;
  readonly files: ShellFiles;
  close(): Promise<void>;
}

/** An open profile, as a command sees it: the same contract that a window has. */
export interface CommandCore extends ArchiveCore {
  readonly client: Client<Contract>;
}

export interface ServeRequest {
  readonly profile: string;
  /** 0 for any free one. */
  readonly port: number;
  readonly open: boolean;
}

/** What the commands need of the outside. */
export interface World {
  readonly version: string;
  readonly defaultProfile: string;
  /** Results, on stdout. */
  readonly out: (text: string) => void;
  /** Progress and remarks, on stderr. */
  readonly note: (line: string) => void;
  /** Aborts at Ctrl-C. */
  readonly signal: AbortSignal;
  readonly openCore: (profile: string) => Promise<CommandCore>;
  readonly openArchives: (profile: string) => Promise<ArchiveCore>;
  /** Reads what an archive says of itself and counts it; opens no profile. */
  readonly readArchiveInfo: (file: string, signal: AbortSignal) => Promise<ArchiveInfo>;
  /** Serves until the signal aborts; `out` gets the one line that says where. */
  readonly serve: (request: ServeRequest) => Promise<void>;
}
