import Archive from '@lucide/svelte/icons/archive';
import { addresses } from '#renderer/app/addresses.ts';
import { defineFeature } from '#renderer/app/feature.ts';
import { defineRoute } from '#renderer/app/router/route.ts';
import {
  archiveExtensions,
  chooseArchive,
  chooseRecords,
  exportAddress,
  lookAddress,
  previewAddress,
  recordExtensions,
  recordsAddress,
} from './links.ts';

export const feature = defineFeature({
  id: 'archives',
  nav: [
    { id: 'archives', title: 'Archives', icon: Archive, address: addresses.archives, order: 60, keys: 'g a' },
  ],
  routes: [defineRoute(addresses.archives, 'archives', () => import('./archives-page.svelte'))],
  opens: [
    {
      extensions: archiveExtensions,
      words: 'Look into an archive; it can be imported from there',
      open: (file, app) => app.router.go(lookAddress(app.router, file)),
    },
    {
      extensions: recordExtensions,
      folders: true,
      words: 'Preview the records of signac, Parsl, FireWorks or Snakemake',
      open: (place, app) => app.router.go(recordsAddress(app.router, place)),
    },
  ],
  commands: (app) => [
    {
      id: 'archives.look',
      title: 'Look into an archive…',
      group: 'Archives',
      words: 'aiida file open browse read without importing',
      async run() {
        const file = await chooseArchive(app.shell);
        if (file !== null) app.router.go(lookAddress(app.router, file));
      },
    },
    {
      id: 'archives.import',
      title: 'Import an archive…',
      group: 'Archives',
      words: 'aiida file open load read',
      async run() {
        const file = await chooseArchive(app.shell);
        if (file !== null) app.router.go(previewAddress(app.router, file));
      },
    },
    {
      id: 'archives.records',
      title: 'Import records of another system…',
      group: 'Archives',
      words: 'parsl fireworks monitoring database workflow file provenance',
      async run() {
        const place = await chooseRecords(app.shell, false);
        if (place !== null) app.router.go(recordsAddress(app.router, place));
      },
    },
    {
      id: 'archives.records-folder',
      title: 'Import a folder of records of another system…',
      group: 'Archives',
      words: 'signac snakemake parsl workspace project directory provenance',
      enabled: () => app.shell.kind === 'electron',
      async run() {
        const place = await chooseRecords(app.shell, true);
        if (place !== null) app.router.go(recordsAddress(app.router, place));
      },
    },
    {
      id: 'archives.export-selection',
      title: 'Export the selected nodes…',
      group: 'Archives',
      words: 'aiida file save share archive',
      enabled: () => app.selection.size > 0 && !app.router.readOnly,
      run: () => app.router.go(exportAddress(app.router, { kind: 'selection' })),
    },
    {
      id: 'archives.export-all',
      title: 'Export everything…',
      group: 'Archives',
      words: 'aiida file save share archive profile backup',
      enabled: () => !app.router.readOnly,
      run: () => app.router.go(exportAddress(app.router, { kind: 'all' })),
    },
  ],
});
