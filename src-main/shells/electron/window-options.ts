import type { BrowserWindowConstructorOptions } from 'electron';

export interface WindowFacts {
  readonly preload: string;
  readonly isDark: boolean;
  /** A packaged app gives nobody the developer tools. */
  readonly isPackaged: boolean;
  /** Linux takes the icon of the window from here. */
  readonly icon: string | null;
}

/** The page's own ground in both themes, so that nothing flashes before the first frame. */
const ground = { light: '#ffffff', dark: '#14161a' } as const;

/** The one kind of window. Each line of `webPreferences` is a wall (Electron's security checklist), even the defaults. */
export function windowOptions(facts: WindowFacts): BrowserWindowConstructorOptions {
  return {
    // With a name, Electron itself remembers size, place and display mode.
    name: 'main',
    windowStatePersistence: true,
    title: 'Stemma',
    width: 1440,
    height: 900,
    minWidth: 800,
    minHeight: 560,
    // Shown at `ready-to-show`.
    show: false,
    backgroundColor: facts.isDark ? ground.dark : ground.light,
    ...(facts.icon !== null && { icon: facts.icon }),
    webPreferences: {
      preload: facts.preload,
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
      webviewTag: false,
      webSecurity: true,
      allowRunningInsecureContent: false,
      experimentalFeatures: false,
      navigateOnDragDrop: false,
      spellcheck: false,
      safeDialogs: true,
      devTools: !facts.isPackaged,
      // Custom schemes have no V8 code cache unless the scheme allows it; this fills it at the first run.
      v8CacheOptions: 'bypassHeatCheck',
    },
  };
}
