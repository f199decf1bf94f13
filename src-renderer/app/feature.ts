import type { FileHandle } from '#shared/contract/areas/sharing.ts';
import type { AppStatus } from '#shared/contract/areas/app.ts';
import type { Icon } from '../design/icon.ts';
import type { AppContext } from './context.ts';
import type { Command } from './commands/command.ts';
import type { Route } from './router/route.ts';

/** An entry of the activity bar. */
export interface NavEntry {
  readonly id: string;
  readonly title: string;
  readonly icon: Icon;
  readonly address: string;
  /** From the top; `place: 'end'` counts from the bottom group. */
  readonly order: number;
  readonly place?: 'start' | 'end';
  /** Of the profile alone: leads out of an archive that is looked into. */
  readonly inProfile?: true;
  /** `g p`: also shown in its tooltip and in the key sheet. */
  readonly keys?: string;
  /** A number that asks for attention, such as computers that need a person. */
  readonly badge?: (status: AppStatus) => number;
}

/** Files that a feature takes: dropped on the window, or opened by the desktop. */
export interface FileOpener {
  /** Without dots. */
  readonly extensions: readonly string[];
  /** Folders as well, which only the desktop can hand over. */
  readonly folders?: boolean;
  /** What happens with them, for the hint while one is dragged: `Preview an archive`. */
  readonly words: string;
  readonly open: (file: FileHandle, app: AppContext) => void | Promise<void>;
}

/**
 * A part of the app. `features/<name>/feature.ts` exports one as `feature`; the frame finds it by itself. Keep that
 * file light: it is in the first chunk, while pages come by `load` when they are first opened.
 */
export interface Feature {
  readonly id: string;
  readonly nav?: readonly NavEntry[];
  readonly routes?: readonly Route[];
  /** Commands that are there on every page; a page adds its own by `useCommands`. */
  readonly commands?: (app: AppContext) => readonly Command[];
  /**
   * Commands that depend on what the core says. Called once, while the app is made, so that it may `ask`; the function
   * that it gives back lists them as they are now.
   */
  readonly commandSource?: (app: AppContext) => () => readonly Command[];
  readonly opens?: readonly FileOpener[];
}

/** Only for the types: what is wrong in a feature is said where it is written. */
export const defineFeature = (feature: Feature): Feature => feature;
