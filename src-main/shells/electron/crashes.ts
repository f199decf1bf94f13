/** The members of Electron's `WebContents` that concern the end of its process. */
export interface CrashingContents {
  on(
    event: 'render-process-gone',
    listener: (event: unknown, details: { readonly reason: string; readonly exitCode: number }) => void,
  ): unknown;
  reload(): void;
}

export interface CrashParts {
  readonly monotonic: () => number;
  readonly onGone: (words: string) => void;
  /** Too many in a short time: says so, and asks whether to try again. */
  readonly askToReload: (words: string) => Promise<boolean>;
}

const most = 3;
const withinMs = 5 * 60_000;

/** Loads the page again when its process is gone: by itself at first, then only when the person wants it. */
export function recoverFromCrashes(
  contents: CrashingContents,
  { monotonic, onGone, askToReload }: CrashParts,
): void {
  let recent: number[] = [];
  contents.on('render-process-gone', (_event, { reason, exitCode }) => {
    if (reason === 'clean-exit') return;
    const words = `The window's process ended: ${reason} (${exitCode}).`;
    onGone(words);
    const now = monotonic();
    recent = [...recent.filter((time) => now - time < withinMs), now];
    if (recent.length <= most) {
      contents.reload();
      return;
    }
    void askToReload(words).then((again) => {
      recent = [];
      if (again) contents.reload();
    });
  });
}
