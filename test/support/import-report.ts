import type { ImportReport } from '#shared/contract/areas/sharing.ts';

const none = { new: 0, identical: 0, changed: 0 };

/** The report of an import that did nothing, but for what is given. */
export const importReport = (changes: Partial<ImportReport> & Pick<ImportReport, 'info'>): ImportReport => ({
  created: '',
  names: { groups: [], computers: [], users: [] },
  nodes: none,
  links: none,
  groups: none,
  computers: none,
  users: none,
  logs: none,
  comments: none,
  files: none,
  authInfos: none,
  bytes: 0,
  disk: { files: 0, database: 0, temporary: 0, free: 40e9, keep: 2e9 },
  updates: { extras: 0, comments: 0 },
  choices: {
    extras: { none: 0, keep_existing: 0, update_existing: 0, mirror: 0 },
    comments: { leave: 0, newest: 0, overwrite: 0 },
  },
  differing: [],
  resumed: null,
  notes: [],
  conflicts: [],
  conflicting: {
    nodes: 0,
    links: 0,
    groups: 0,
    computers: 0,
    users: 0,
    logs: 0,
    comments: 0,
    files: 0,
    authInfos: 0,
  },
  group: null,
  ...changes,
});
