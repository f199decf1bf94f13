import { asTexts, recall, remember } from '#renderer/design/remember.ts';

const key = 'launch.recent';
const most = 12;

/** The plugins that were launched from this machine, the last one first. */
export const recentPlugins = (): readonly string[] => recall(key, asTexts) ?? [];

/** Puts a plugin before all others that were launched from this machine. */
export function noteLaunch(plugin: string): void {
  remember(key, [plugin, ...recentPlugins().filter((other) => other !== plugin)].slice(0, most));
}
