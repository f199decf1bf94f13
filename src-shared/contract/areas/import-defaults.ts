import type { ImportOptions } from './import-options.ts';

/** As AiiDA imports by itself. Written out, and in a file without a schema: a window can run none. */
export const defaultImportOptions: ImportOptions = {
  extrasExisting: 'none',
  extrasNew: 'import',
  comments: 'leave',
  group: { kind: 'new' },
  authInfos: false,
};
