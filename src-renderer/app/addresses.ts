/**
 * The canonical address of each kind of thing, by which features link to each other without knowing each other. A
 * feature serves them by `defineRoute(addresses.process, …)`; what only one feature links to may stay inside it.
 */
export const addresses = {
  welcome: '/welcome',
  processes: '/processes',
  process: '/process/:uuid',
  queue: '/queue',
  graph: '/graph/:uuid',
  graphStart: '/graph',
  data: '/data',
  node: '/node/:uuid',
  /** `?add=selection` or `?add=UUID,…`: a group is chosen for these nodes; `?new=true` asks for a new one. */
  groups: '/groups',
  group: '/group/:uuid',
  computers: '/computers',
  computer: '/computer/:uuid',
  computerNew: '/computers/new',
  computerEdit: '/computer/:uuid/edit',
  launch: '/launch',
  launchProcess: '/launch/:id',
  /**
   * `?export=selection`, `all`, `group:UUID` or `UUID,…`: what would leave, then the export (model/export-target.ts).
   * `?file=HANDLE&name=NAME`: a chosen archive before its import; `?records=HANDLE&name=NAME`: records of another system.
   * With `?source=`: what an open archive holds.
   */
  archives: '/archives',
  /**
   * `?delete=selection`, `group:UUID` or `UUID,…`: what a deletion would take away (model/export-target.ts);
   * `?delete=fitting&filter=TEXT&type=PREFIX&roots=true`: all that a table shows (app/deletion.ts).
   */
  /** and `?purge=selection`, `rule` or `UUID,…`: what a purge would take away. */
  storage: '/storage',
  settings: '/settings',
  diagnostics: '/diagnostics',
} as const;
