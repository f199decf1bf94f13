/**
 * The text in which each workflow is written, so that it can be kept with the runs: the module in which it is found,
 * not what that imports. Where the module's text cannot be had it is that of the function, as it runs.
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
export async function workflowSources(
  url: string | null,
  definitions: readonly ProcessDefinition[],
): Promise<readonly (readonly [plugin: string, text: string])[]> {
  const workflows = definitions.filter(({ spec }) => spec.kind === 'workflow');
  if (workflows.length === 0) return [];
  const text = url === null ? null : await moduleText(url);
  const builtin = url === null ? await builtinTexts() : [];
  return workflows.map(({ spec, code }) => {
    const own = builtin.find((candidate) => candidate.includes(`id: '${spec.id}'`));
    const run = code.kind === 'workflow' ? code.run.toString() : '';
    return [spec.id, text ?? own ?? `// The function of the workflow, as it runs.\n${run}\n`] as const;
  });
}
