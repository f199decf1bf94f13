import { join } from 'node:path';
import { noSharedArchives, sharedArchives } from '../support/shared-archives.ts';
import { startServing } from '../support/start-serving.ts';
import { importInto, type StoredNode } from './profile.ts';
import { AppWindow } from './window.ts';

interface Tally {
  nodes: number;
  readonly tabs: Set<string>;
  readonly wrong: string[];
}

/**
 * Imports all real archives and opens every data node, at most so many of each type. Says for each type which viewer it
 * has and what went wrong; gives the exit status.
 */
export async function survey(scratch: string, most: number, say: (words: string) => void): Promise<number> {
  if (noSharedArchives !== null) {
    say(`No survey: ${noSharedArchives}.`);
    return 0;
  }
  const shelves: Shelf[] = [];
  for (const { file, path, nodes: count } of sharedArchives()) {
    if (!(count > 0)) continue;
    try {
      await put(path, shelves, scratch);
    } catch (thrown) {
      say(`${file}: ${(thrown as Error).message.slice(0, 300)}`);
    }
  }
  const tallies = new Map<string, Tally>();
  for (const shelf of shelves) await lookThrough(shelf, most, tallies);
  let wrongs = 0;
  for (const [type, { nodes: seen, tabs, wrong }] of [...tallies].toSorted(([a], [b]) => (a < b ? -1 : 1))) {
    process.stdout.write(`${type}\t${seen}\t${[...tabs].join(', ')}\t${wrong.length}\n`);
    for (const words of wrong.slice(0, 5)) process.stdout.write(`  ${words.slice(0, 300)}\n`);
    wrongs += wrong.length;
  }
  const count = shelves.reduce((sum, { nodes }) => sum + nodes.length, 0);
  say(
    `${count} nodes of ${tallies.size} types in ${shelves.length} profiles; ${wrongs} times something was wrong.`,
  );
  return wrongs === 0 ? 0 : 1;
}

/** A profile, and what came into it. */
interface Shelf {
  readonly profile: string;
  readonly nodes: StoredNode[];
}

/** Imports into the first profile that takes it: archives of one origin hold the same nodes with other content. */
async function put(archive: string, shelves: Shelf[], scratch: string): Promise<void> {
  for (const { profile, nodes } of shelves) {
    try {
      nodes.push(...(await importInto(profile, archive)));
      return;
    } catch (thrown) {
      if (!String(thrown).includes('the same UUID and another content')) throw thrown;
    }
  }
  const profile = join(scratch, `profile-${shelves.length}`);
  shelves.push({ profile, nodes: [...(await importInto(profile, archive))] });
}

async function lookThrough(
  { profile, nodes }: Shelf,
  most: number,
  tallies: Map<string, Tally>,
): Promise<void> {
  const served = await startServing(profile);
  const window = await AppWindow.open(served.address);
  try {
    for (const { type, uuid } of nodes) {
      const tally = tallies.get(type) ?? { nodes: 0, tabs: new Set(), wrong: [] };
      tallies.set(type, tally);
      if (tally.nodes >= most) continue;
      tally.nodes++;
      const page = type.startsWith('process.') ? 'process' : 'node';
      const { tab, errors } = await window.lookAt(`/${page}/${uuid}`);
      tally.tabs.add(tab.replace(/\d+$/, '').trim());
      for (const words of [...errors, ...window.complaints.splice(0)]) tally.wrong.push(`${uuid}: ${words}`);
    }
  } finally {
    await window.close();
    await served.end();
  }
}
