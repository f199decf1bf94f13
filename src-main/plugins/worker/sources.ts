/**
 * The text in which each process is written, so that it can be kept with the runs: the module in which it is found, not
 * what that imports. Where the module's text cannot be had it is that of the functions, as they run.
 */
import { readFile, readdir } from 'node:fs/promises';
import type { ProcessDefinition } from '#shared/plugin/index.ts';

/** From source the modules lie beside; the build puts their texts beside the bundle (`electron.vite.config.ts`). */
const builtinFolder = (): URL =>
  new URL(import.meta.url.endsWith('.ts') ? '../builtin/' : './plugin-sources/', import.meta.url);

/** Texts of the built-in modules; empty where the build was copied without them. */
async function builtinTexts(): Promise<readonly string[]> {
  const folder = builtinFolder();
  const names = await readdir(folder).catch(() => []);
  const modules = names.filter((name) => name.endsWith('.ts') && name !== 'index.ts').toSorted();
  return Promise.all(modules.map((name) => readFile(new URL(name, folder), 'utf8')));
}

const moduleText = async (url: string): Promise<string | null> =>
  url.startsWith('file:') ? readFile(new URL(url), 'utf8').catch(() => null) : null;

/** @param url of the module; null for the built-in ones */
export async function processSources(
  url: string | null,
  definitions: readonly ProcessDefinition[],
): Promise<readonly (readonly [plugin: string, text: string])[]> {
  if (definitions.length === 0) return [];
  const text = url === null ? null : await moduleText(url);
  const builtin = url === null ? await builtinTexts() : [];
  return definitions.map(({ spec, code }) => {
    const own = builtin.find((candidate) => candidate.includes(`id: '${spec.id}'`));
    return [spec.id, text ?? own ?? functionsOf(code)] as const;
  });
}

function functionsOf(code: ProcessDefinition['code']): string {
  const functions = code.kind === 'calculation-job' ? [code.prepare, code.parse] : [code.run];
  const what = code.kind === 'calculation-job' ? 'functions of the job, as they run' : 'function, as it runs';
  return `// The ${what}.\n${functions.map(String).join('\n')}\n`;
}
