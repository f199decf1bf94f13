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
  groups: '/groups',
  group: '/group/:uuid',
  computers: '/computers',
  computer: '/computer/:uuid',
  computerNew: '/computers/new',
  computerEdit: '/computer/:uuid/edit',
  launch: '/launch',
  launchProcess: '/launch/:id',
  archives: '/archives',
  settings: '/settings',
  diagnostics: '/diagnostics',
} as const;
