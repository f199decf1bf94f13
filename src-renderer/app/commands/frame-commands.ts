import type { AppContext } from '../context.ts';
import type { Feature } from '../feature.ts';
import { navHref, navOf } from '../registry.ts';
import { densities, themes } from '#renderer/state/appearance.svelte.ts';
import type { Command } from './command.ts';

/** What the frame itself can do, on every page. */
export function frameCommands(app: AppContext, features: readonly Feature[]): readonly Command[] {
  const { router, preferences, toaster } = app;
  const places = [...navOf(features, 'start'), ...navOf(features, 'end')];
  return [
    {
      id: 'frame.palette',
      title: 'Search and commands',
      group: 'General',
      keys: ['Mod+K'],
      inText: true,
      hidden: true,
      run: () => app.open('palette'),
    },
    {
      id: 'frame.commands',
      title: 'All commands',
      group: 'General',
      keys: ['Mod+Shift+P'],
      inText: true,
      hidden: true,
      run: () => app.open('palette', '>'),
    },
    {
      id: 'frame.keys',
      title: 'Show the keys',
      group: 'General',
      keys: ['?'],
      words: 'shortcuts help keyboard',
      run: () => app.open('keys'),
    },
    {
      id: 'frame.undo',
      title: 'Undo what was just done',
      group: 'General',
      keys: ['Mod+Z'],
      enabled: () => toaster.toasts.some(({ undo }) => undo !== null),
      run: () => void toaster.undoLast(),
    },
    {
      id: 'frame.tasks',
      title: 'Show background tasks',
      group: 'General',
      keys: ['g b'],
      run: () => app.open('tasks'),
    },
    {
      id: 'frame.copy-link',
      title: 'Copy a link to this page',
      group: 'General',
      keys: ['y'],
      words: 'address url share',
      async run() {
        await navigator.clipboard.writeText(location.href);
        toaster.show({ text: 'The address of this page is in the clipboard.', tone: 'success' });
      },
    },
    {
      id: 'frame.back',
      title: 'Back',
      group: 'General',
      keys: ['Alt+ArrowLeft'],
      run: () => router.back(),
    },
    {
      id: 'frame.forward',
      title: 'Forward',
      group: 'General',
      keys: ['Alt+ArrowRight'],
      run: () => router.forward(),
    },
    ...places.map((entry): Command => ({
      id: `go.${entry.id}`,
      title: `Go to ${entry.title}`,
      group: 'Go to',
      ...(entry.keys === undefined ? {} : { keys: [entry.keys] }),
      run: () => router.go(navHref(router, entry)),
    })),
    ...themes.map((theme): Command => ({
      id: `look.theme.${theme}`,
      title: theme === 'system' ? 'Theme: as the system' : `Theme: ${theme}`,
      group: 'Look',
      words: 'colour dark light mode appearance',
      enabled: () => preferences.settings.theme !== theme,
      run: () => preferences.set({ theme }),
    })),
    ...densities.map((density): Command => ({
      id: `look.density.${density}`,
      title: `Density: ${density}`,
      group: 'Look',
      words: 'compact comfortable spacing size',
      enabled: () => preferences.settings.density !== density,
      run: () => preferences.set({ density }),
    })),
  ];
}
