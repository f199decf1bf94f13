import { createContext } from 'svelte';
import type { ShellBridge } from '#shared/shell/bridge.ts';
import type { AppInfo, AppStatus } from '#shared/contract/areas/app.ts';
import type { Announcer } from '../design/announcer.svelte.ts';
import type { Selection } from '../design/table/selection.svelte.ts';
import type { Toaster } from '../design/toaster.svelte.ts';
import type { Core } from '../state/core.svelte.ts';
import type { Live } from '../state/live.svelte.ts';
import type { Answer } from '../state/ask.svelte.ts';
import type { Preferences } from '../state/preferences.svelte.ts';
import type { Commands } from './commands/commands.svelte.ts';
import type { Recents } from './recents.svelte.ts';
import type { Router } from './router/router.svelte.ts';

/** What the frame gives to every page. */
export interface AppContext {
  readonly core: Core;
  readonly shell: ShellBridge;
  readonly router: Router;
  readonly commands: Commands;
  readonly toaster: Toaster;
  readonly announcer: Announcer;
  readonly preferences: Preferences;
  /** Version, profile and user; asked once for each connection. */
  readonly info: Answer<AppInfo>;
  /** The status bar's stream, for whoever needs counts or the state of a computer. */
  readonly status: Live<AppStatus>;
  /** The nodes that are selected, by UUID: one selection for tables, graph and timelines. */
  readonly selection: Selection;
  /** Pages and commands that were used last. */
  readonly recents: Recents;
  /** Runs what a person asked for; what it throws becomes a toast. */
  run(work: () => void | Promise<void>): void;
  /** Opens a panel of the frame. */
  open(panel: 'palette' | 'keys' | 'tasks', text?: string): void;
}

const [useApp, provideApp] = createContext<AppContext>();
export { provideApp, useApp };
