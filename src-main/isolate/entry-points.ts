/**
 * The modules that run in a thread or a process of their own, by name. From source a thread loads the `.ts` file; in
 * the built app the same module is a named file beside the bundle (`electron.vite.config.ts` builds each one of these).
 */
export const entrySources = {
  'plugin-worker': '../plugins/worker/plugin-worker.ts',
  'files-worker': '../repository/files-worker.ts',
  'archive-worker': '../archive/archive-worker.ts',
  'archive-objects-worker': '../archive/archive-objects-worker.ts',
  'storage-worker': '../storage/storage-worker.ts',
  'foreign-child': '../archive/aiida/foreign/foreign-child.ts',
  'records-child': '../archive/records/records-child.ts',
  'checkpoint-worker': '../provenance/checkpoint-worker.ts',
  'reader-worker': '../provenance/reader-worker.ts',
  'foreign-reader': '../provenance/foreign-reader.ts',
} as const satisfies Readonly<Record<string, `../${string}.ts`>>;

export type EntryPoint = keyof typeof entrySources;

/** What to hand to `new Worker(…)` or `fork(…)`. */
export function entryPoint(name: EntryPoint): URL {
  const fromSource = import.meta.url.endsWith('.ts');
  return new URL(fromSource ? entrySources[name] : `./${String(name)}.js`, import.meta.url);
}
