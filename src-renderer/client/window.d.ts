import type { ChannelBridge, ShellBridge } from '#shared/shell/bridge.ts';

declare global {
  interface Window {
    /** Only in Electron: put there by the preload. */
    readonly stemmaShell?: ShellBridge;
    readonly stemmaChannel?: ChannelBridge;
  }
}
