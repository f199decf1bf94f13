/** `npm run screens`: see README.md. */
import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { AiidaProfile, findAiida } from '../support/aiida.ts';
import { noChromium } from '../support/chromium.ts';
import { noSharedArchives, sharedFolder } from '../support/shared-archives.ts';
import { startServing } from '../support/start-serving.ts';
import { importGroup, importInto, type StoredNode } from './profile.ts';
import { contactSheets } from './contact-sheet.ts';
import { pageSubjects, type PageGround } from './pages.ts';
import { survey } from './survey.ts';
import { scenes, type Scene } from './scenes.ts';
import { sources, type Source, type Subject } from './subjects.ts';
import { AppWindow } from './window.ts';

const { values } = parseArgs({
  options: {
    out: {
      type: 'string',
      default: process.env['STEMMA_SCREENSHOTS'] ?? join(tmpdir(), 'stemma-screens'),
    },
    only: { type: 'string' },
    small: { type: 'boolean', default: false },
    made: { type: 'string' },
    survey: { type: 'boolean', default: false },
    most: { type: 'string', default: '1000000' },
  },
});
const out = resolve(values.out);
const say = (words: string): void => {
  process.stderr.write(`${words}\n`);
};

const small = { width: 1280, height: 800 };
const large = { width: 1920, height: 1080 };
/** Imported in each theme and size; in place, which is the same page with a bar above it, in each theme and each size once. */
const looks = {
  imported: [
    ['light', small],
    ['dark', small],
    ['light', large],
    ['dark', large],
  ],
  'in-place': [
    ['light', small],
    ['dark', large],
  ],
} as const;
type Way = keyof typeof looks;

/** The archive of a source, or why there is none. */
async function archiveOf({ file }: Source, scratch: string): Promise<string | { readonly why: string }> {
  if (file !== null) {
    if (noSharedArchives !== null) return { why: noSharedArchives };
    const path = join(sharedFolder, file);
    return existsSync(path) ? path : { why: `${path} is not there` };
  }
  if (values.made !== undefined) return resolve(values.made);
  const aiida = await findAiida();
  if (typeof aiida === 'string') return { why: aiida };
  const path = join(scratch, 'kinds.aiida');
  await AiidaProfile.anywhere(aiida, scratch).script('make_kinds.py', path);
  return path;
}

function nodeOf(subject: Subject, nodes: readonly StoredNode[]): StoredNode | null {
  const fitting = nodes.filter(
    ({ type, label, attributes }) =>
      type.startsWith(subject.type) &&
      (subject.label === undefined || subject.label === label) &&
      (subject.has === undefined || attributes.includes(subject.has)),
  );
  return fitting[subject.which ?? 0] ?? null;
}

function addressOf(subject: Subject, { uuid }: StoredNode, source: string | null): string {
  const query = new URLSearchParams({
    ...(subject.file === undefined ? {} : { tab: 'files', file: `${uuid}:${subject.file}` }),
    ...subject.query,
    ...(source === null ? {} : { source }),
  }).toString();
  return `/${subject.process === true ? 'process' : 'node'}/${uuid}${query === '' ? '' : `?${query}`}`;
}

/** A picture of the page in each theme and size of a way. */
async function picture({ page }: AppWindow, name: string, way: Way): Promise<void> {
  // no button looks as if it were pointed at
  await page.mouse.move(0, 0);
  for (const [colorScheme, size] of looks[way]) {
    if (values.small && size !== small) continue;
    await page.setViewportSize(size);
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    // what is drawn by hand follows a frame after the style does
    await page.waitForTimeout(350);
    await page.screenshot({ path: join(out, `${name}-${way}-${colorScheme}-${size.width}.png`) });
  }
  await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' });
  await page.setViewportSize(small);
}

/** Pages of what people do with archives and with what is stored. Gives how often something was wrong. */
async function pagePictures(
  window: AppWindow,
  subjects: typeof pageSubjects,
  ground: PageGround,
): Promise<number> {
  let failures = 0;
  for (const { name, reach } of subjects) {
    try {
      await reach(window, ground);
      await window.settled();
      await picture(window, name, 'imported');
      say(name);
    } catch (error) {
      say(`${name}: ${(error as Error).message.slice(0, 300)}`);
      failures++;
    }
    const complaints = window.complaints.splice(0);
    for (const complaint of complaints) say(`${name}: ${complaint}`);
    failures += complaints.length;
  }
  return failures;
}

async function main(): Promise<number> {
  if (noChromium !== null) {
    say(`No pictures: ${noChromium}.`);
    return 0;
  }
  const scratch = mkdtempSync(join(tmpdir(), 'stemma-screens-'));
  mkdirSync(out, { recursive: true });
  if (values.survey)
    return survey(scratch, Number(values.most), say).finally(() => rmSync(scratch, { recursive: true }));
  const profile = join(scratch, 'profile');
  const wanted = (name: string): boolean => values.only === undefined || new RegExp(values.only).test(name);
  const pages = pageSubjects.filter(({ name }) => wanted(name));
  let ground: PageGround | null = null;
  const played: Scene[] = [];
  let failures = 0;
  try {
    const found: { archive: string; nodes: readonly StoredNode[]; subjects: readonly Subject[] }[] = [];
    for (const source of sources) {
      const subjects = source.subjects.filter(({ name }) => wanted(name));
      const isGround = pages.length > 0 && ground === null && source.file !== null;
      // they are played on what the first one brings
      const onIt = source === sources[0] ? scenes.filter(({ name }) => wanted(name)) : [];
      if (subjects.length === 0 && !isGround && onIt.length === 0) continue;
      const archive = await archiveOf(source, scratch);
      if (typeof archive === 'string') {
        const nodes = await importInto(profile, archive);
        played.push(...onIt);
        if (isGround) ground = { archive, nodes, group: importGroup(profile) };
        if (subjects.length > 0) found.push({ archive, nodes, subjects });
      } else say(`Left out ${subjects.map(({ name }) => name).join(', ')}: ${archive.why}.`);
    }
    const served = await startServing(profile);
    const window = await AppWindow.open(served.address);
    try {
      for (const { archive, nodes, subjects } of found) {
        const source = await window.openInPlace(archive);
        for (const subject of subjects) {
          const node = nodeOf(subject, nodes);
          if (node === null) {
            say(`Nothing for ${subject.name} in ${archive}.`);
            failures++;
            continue;
          }
          for (const [way, of] of [
            ['imported', null],
            ['in-place', source],
          ] as const) {
            await window.goTo(addressOf(subject, node, of));
            await picture(window, subject.name, way);
            const complaints = window.complaints.splice(0);
            for (const complaint of complaints) say(`${subject.name}, ${way}: ${complaint}`);
            failures += complaints.length;
          }
          say(subject.name);
        }
      }
      if (ground !== null) failures += await pagePictures(window, pages, ground);
      for (const { name, play } of played) {
        await play(window);
        await picture(window, name, 'imported');
        const complaints = window.complaints.splice(0);
        for (const complaint of complaints) say(`${name}: ${complaint}`);
        failures += complaints.length;
        say(name);
      }
      await contactSheets(window, out, [
        ...found.flatMap(({ subjects }) => subjects.map(({ name }) => name)),
        ...[...pages, ...played].map(({ name }) => name),
      ]);
    } finally {
      await window.close();
      await served.end();
    }
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
  say(`The pictures are in ${out}.`);
  return failures === 0 ? 0 : 1;
}

process.exitCode = await main();
