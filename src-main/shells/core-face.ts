import type { FileHandle } from '#shared/contract/areas/sharing.ts';
import type { ChannelPort } from '#shared/channel/frames.ts';

/** What a shell needs of the core. Shells know nothing else of it, so each runs in a test with a small fake. */
export interface ShellCore {
  /** Serves the contract on one port until it closes. */
  serve(port: ChannelPort): void;
  readonly files: ShellFiles;
  /** Something that went wrong in the shell, for the log of the profile. */
  log(doing: string, thrown: unknown): void;
  /** The computer goes to sleep: no new work for connections, and all of them count as suspect. */
  suspend(): void;
  /** It woke up: connections are opened anew and every computer is asked once. */
  resume(): void;
  /** Ends the engine and closes the database; at most `budgetMs`, because a logout does not wait. */
  close(budgetMs?: number): Promise<void>;
}

/** The files that a person chose, by handle. Paths stay in the core. */
export interface ShellFiles {
  /** An existing file to read. @throws StemmaError `no-file` */
  offer(path: string): Promise<FileHandle>;
  /** An existing file or folder to read. @throws StemmaError `no-file` */
  offerPlace(path: string): Promise<FileHandle>;
  /** A file that will be written. */
  reserve(path: string): Promise<FileHandle>;
  /** @returns null for a handle that was not issued */
  pathOf(handle: string): string | null;
}

/** Seals secrets for this person on this machine. Only a shell with a keychain has one that works. */
export interface SecretBox {
  /** Empty when secrets can be kept, else why not, in words. */
  readonly unavailable: string;
  seal(secret: string): Promise<Uint8Array>;
  /** @throws StemmaError `secret-unreadable` */
  open(sealed: Uint8Array): Promise<{ readonly secret: string; readonly shouldSealAgain: boolean }>;
}
