import { createHash, randomBytes } from 'node:crypto';
import { posix } from 'node:path';
import { formatBytes } from '#shared/base/bytes.ts';
import type { ObjectHash } from '#shared/provenance/ids.ts';
import { shellQuote } from '../shell/quote.ts';
import { commandFailed } from '../shell/remote-errors.ts';
import type { UploadFile, UploadRequest } from '../transport.ts';
import { sumTool } from './hashes.ts';
import { withWhatStays } from './large-files.ts';
import type { CommandRunner } from './command-runner.ts';

/** Hashing and copying on the computer print nothing for a while. */
const workSilenceMs = 20 * 60_000;
/** A parallel file system may take nothing for minutes. */
const sendSilenceMs = 5 * 60_000;

/** A content that lies beside the work directory, whole, until all the others are there. */
export interface StagedFile {
  readonly file: UploadFile;
  /** In the folder of parts. */
  readonly name: string;
}

/** The folder, beside the work directory, for contents that are not whole yet. */
export const partsOf = (directory: string): string => `${directory}.part`;

/** Each content once: the files that have it. */
export function byContent(files: readonly UploadFile[]): readonly (readonly UploadFile[])[] {
  const found = new Map<ObjectHash, UploadFile[]>();
  for (const file of files) found.set(file.hash, [...(found.get(file.hash) ?? []), file]);
  return [...found.values()];
}

/**
 * Sends the contents of large files into `<directory>.part`, each from where it was cut before. What is there is hashed
 * on the computer, and gone on with where it is the beginning of ours.
 */
export async function stageLarge(
  runner: CommandRunner,
  request: UploadRequest,
  files: readonly UploadFile[],
): Promise<readonly StagedFile[]> {
  const staged: StagedFile[] = [];
  for (const [file, ...others] of byContent(files)) {
    if (file === undefined) continue;
    const name = `${file.hash}.${randomBytes(4).toString('hex')}`;
    const at = await takeUp(runner, request, [file, ...others], name);
    if (at < file.size) await sendRest(runner, request, file, name, at);
    for (const same of [file, ...others]) staged.push({ file: same, name });
  }
  return staged;
}

/**
 * Finds the longest beginning of a content, among the parts and in the work directory itself. It is copied: a session
 * that was cut off may not have noticed yet, and still write to its own. Only where there is no room for a copy the same
 * file is gone on with; the hash of the whole decides in any case.
 */
const takeUpScript = (
  directory: string,
  { hash, size }: UploadFile,
  paths: readonly string[],
  name: string,
): string => `
mkdir -p ${shellQuote(partsOf(directory))} && cd ${shellQuote(partsOf(directory))} || exit 1
${sumTool}
new=${name} best= most=0
for f in ${[`${hash}.*`, ...paths.map((path) => shellQuote(`${directory}/${path}`))].join(' ')}; do
  [ -f "$f" ] || continue
  s=$(($(wc -c < "$f")))
  if [ "$s" -gt "$most" ] && [ "$s" -le ${size} ]; then best=$f most=$s; fi
done
if [ "$most" -eq ${size} ]; then mv -f "$best" $new || exit 1
elif [ "$most" -eq 0 ]; then : > $new || exit 1
else
  head -c "$most" "$best" > $new 2>/dev/null
  [ "$(($(wc -c < $new)))" -eq "$most" ] || mv -f "$best" $new || exit 1
fi
for f in ${hash}.*; do [ "$f" = $new ] || rm -f "$f"; done
printf '%s ' "$most"
$S < $new
`;

/** Resolves with how many bytes are there and are right. */
async function takeUp(
  runner: CommandRunner,
  { directory, open, signal }: UploadRequest,
  same: readonly [UploadFile, ...UploadFile[]],
  name: string,
): Promise<number> {
  const [file] = same;
  const answer = await runner.exec({
    what: 'what is there of a large file',
    script: takeUpScript(
      directory,
      file,
      same.map(({ path }) => path),
      name,
    ),
    silenceMs: workSilenceMs,
    signal,
  });
  const [, digits = '', hash = ''] = /^(\d+) ([0-9a-f]{64})\b/.exec(answer.stdout) ?? [];
  if (answer.exitCode !== 0 || hash === '')
    throw commandFailed('The upload', answer.exitCode, answer.stderr, directory);
  const there = Number(digits);
  if (there === 0 || there > file.size) return 0;
  const ours = createHash('sha256');
  for await (const chunk of open(file, { start: 0, end: there })) {
    signal.throwIfAborted();
    ours.update(chunk as Uint8Array);
  }
  return ours.digest('hex') === hash ? there : 0;
}

async function sendRest(
  runner: CommandRunner,
  { directory, open, signal }: UploadRequest,
  file: UploadFile,
  name: string,
  at: number,
): Promise<void> {
  let sent = at;
  async function* rest(): AsyncGenerator<Uint8Array> {
    // from its beginning it is compared with its hash while it is read
    const content = at === 0 ? open(file) : open(file, { start: at, end: file.size });
    for await (const chunk of content) {
      yield chunk as Uint8Array;
      sent += (chunk as Uint8Array).length;
    }
  }
  const target = `${partsOf(directory)}/${name}`;
  try {
    const answer = await runner.exec({
      what: 'the upload',
      script: `cat ${at === 0 ? '>' : '>>'} ${shellQuote(target)}`,
      input: rest(),
      silenceMs: sendSilenceMs,
      signal,
    });
    if (answer.exitCode !== 0) throw commandFailed('The upload', answer.exitCode, answer.stderr, directory);
  } catch (thrown) {
    const words = `What has arrived of ${file.path} (up to ${formatBytes(sent)} of ${formatBytes(file.size)}) is not sent again.`;
    throw sent === 0 ? thrown : withWhatStays(thrown, words);
  }
}

/** Moves contents to their places in the work directory, which the shell is in; the last takes it, others get a copy. */
export function placeScript(directory: string, staged: readonly StagedFile[]): string {
  if (staged.length === 0) return '';
  const parts = shellQuote(partsOf(directory));
  const lines = staged.map(({ file, name }, index) => {
    const isLast = !staged.slice(index + 1).some((other) => other.name === name);
    const path = shellQuote(`./${file.path}`);
    return (
      `mkdir -p ${shellQuote(`./${posix.dirname(file.path)}`)} && ${isLast ? 'mv -f' : 'cp'} "$p"/${name} ${path} && ` +
      `chmod ${file.executable ? '755' : '644'} ${path} || exit 1\n`
    );
  });
  return `p=${parts}\n${lines.join('')}rm -rf "$p"\n`;
}
