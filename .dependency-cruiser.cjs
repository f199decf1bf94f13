// Who may import whom. Each rule has a name and a reason; a debt would be listed here with its own.

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    {
      name: 'no-cycle',
      comment: 'Rooms are read from top to bottom.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'no-unresolvable',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true, pathNot: ['\\?worker', '\\?url', '^virtual:'] },
    },
    {
      name: 'shared-runs-anywhere',
      comment: 'src-shared runs in every process: no Node, no Electron, no Svelte, no D3.',
      severity: 'error',
      from: { path: '^src-shared' },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'shared-is-plain',
      severity: 'error',
      from: { path: '^src-shared' },
      to: {
        path: [
          'node_modules/(electron|svelte|d3-|better-sqlite3|ssh2|drizzle-orm)',
          '^src-main',
          '^src-renderer',
        ],
      },
    },
    {
      name: 'renderer-is-sandboxed',
      comment: 'The renderer knows the core only by the contract.',
      severity: 'error',
      from: { path: '^src-renderer' },
      to: { path: ['^src-main', 'node_modules/(electron|better-sqlite3|ssh2|drizzle-orm)'] },
    },
    {
      name: 'renderer-has-no-node',
      severity: 'error',
      from: { path: '^src-renderer' },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'main-does-not-know-the-renderer',
      severity: 'error',
      from: { path: '^src-main' },
      to: { path: '^src-renderer' },
    },
    {
      name: 'electron-only-in-its-shell',
      comment: 'The core is plain Node, so that it runs and is tested without Electron.',
      severity: 'error',
      from: { path: '^src-', pathNot: '^src-main/shells/electron' },
      to: { path: ['node_modules/electron/', '^electron$'] },
    },
    {
      name: 'engine-is-pure',
      comment: 'Logic with ports: the simulator runs it on a virtual clock.',
      severity: 'error',
      from: { path: '^src-main/(engine|workflows)' },
      to: {
        path: [
          'node_modules/(better-sqlite3|ssh2|drizzle-orm)',
          '^src-main/(provenance|repository|computers|plugins|archive|isolate|profile|handlers|shells|cli)',
        ],
      },
    },
    {
      name: 'engine-has-no-io',
      severity: 'error',
      from: { path: '^src-main/(engine|workflows)' },
      to: { path: '^(node:)?(fs|fs/promises|net|child_process|worker_threads)$' },
    },
    {
      name: 'siblings-do-not-know-each-other',
      comment: 'Each transport and scheduler stands alone.',
      severity: 'error',
      from: { path: '^src-main/computers/(transports|schedulers)/([^/]+)/' },
      to: {
        path: '^src-main/computers/(transports|schedulers)/([^/]+)/',
        pathNot: '^src-main/computers/$1/$2/',
      },
    },
    {
      name: 'rooms-do-not-know-the-engine',
      comment: 'They implement its ports (types only) and know nothing of its insides.',
      severity: 'error',
      from: { path: '^src-main/(computers|archive|storage|repository|provenance|plugins|isolate)' },
      to: { path: '^src-main/engine', pathNot: '^src-main/engine/ports\\.ts$' },
    },
    {
      name: 'rooms-do-not-know-handlers',
      severity: 'error',
      from: {
        path: '^src-main/(computers|archive|storage|repository|provenance|plugins|isolate|engine|workflows)',
      },
      to: { path: '^src-main/(handlers|shells|cli|core)' },
    },
    {
      name: 'builtins-prove-the-plugin-api',
      severity: 'error',
      from: { path: '^src-main/plugins/builtin' },
      to: { pathNot: ['^src-shared/plugin/index\\.ts$', '^src-main/plugins/builtin'] },
    },
    {
      name: 'design-is-reusable',
      severity: 'error',
      from: { path: '^src-renderer/design' },
      to: { path: '^src-renderer/(model|state|features|client|app|graph|viewers)' },
    },
    {
      name: 'models-are-plain',
      comment: 'Tested without a component.',
      severity: 'error',
      from: { path: '^src-renderer/(model|graph)', pathNot: '\\.svelte$|\\.svelte\\.ts$' },
      to: { path: ['node_modules/svelte/', '^src-renderer/client'] },
    },
    {
      name: 'features-cross-by-command-or-route',
      severity: 'error',
      from: { path: '^src-renderer/features/([^/]+)/' },
      to: { path: '^src-renderer/features/([^/]+)/', pathNot: '^src-renderer/features/$1/' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.main.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'svelte', 'browser', 'node', 'default'],
    },
  },
};
