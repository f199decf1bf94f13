import { formatBytes } from '#shared/base/bytes.ts';
import { formatDuration, formatLocal } from '#shared/base/time.ts';
import type { AppInfo, AppStatus, Diagnostics } from '#shared/contract/areas/app.ts';
import { countWords } from '#renderer/model/count-words.ts';
import { checkedWords, tookWords } from './finding-words.ts';
import type { FinishedCheck } from './profile-check.svelte.ts';

const mostLines = 60;

/** The home of whoever this is about is nobody else's business. */
export const withoutHome = (text: string): string =>
  text.replaceAll(/(?:\/home\/|\/Users\/|[A-Za-z]:\\Users\\)[^/\\\s"']+|\/root(?=[/\\\s]|$)/g, '~');

/** `ada@granite.example.org:2222`, as errors of connections name an account. */
const withoutAccounts = (text: string): string =>
  text.replaceAll(/[\w.+-]+@[\w-]+(?:\.[\w-]+)*(?::\d+)?/g, '[account]');

/** Names that errors of look-ups give, and addresses by number, but those of this machine. */
const withoutHosts = (text: string): string =>
  text
    .replaceAll(/\b(ENOTFOUND|EAI_AGAIN|[Hh]ostname)(\s+["'“]?)[\w-]+(?:\.[\w-]+)*/g, '$1$2[host]')
    .replaceAll(/(?<![\w.]|\w\/)(?!127\.|0\.0\.0\.0)(?:\d{1,3}\.){3}\d{1,3}(?![\w.]\d|\w)/g, '[address]');

/** Short times with a digit more. */
export const ms = (value: number): string =>
  value < 10 ? `${value.toFixed(1)} ms` : `${countWords(Math.round(value))} ms`;

export interface ReportParts {
  readonly info: AppInfo;
  readonly status: AppStatus | undefined;
  readonly facts: Diagnostics;
  readonly check: FinishedCheck | null;
  /** The names of the machines behind the computers. */
  readonly hosts: readonly string[];
  /** Of the window. */
  readonly browser: string;
}

/**
 * What a developer needs to know, as text for a bug report. The core has taken secrets out of its log before it wrote it;
 * here go the names of people and machines: no e-mail, no home folder, computers by number.
 */
export function bugReport({ info, status, facts, check, hosts, browser }: ReportParts): string {
  const { database, repository, memory, loop } = facts;
  const hide = hider(info, status, hosts);
  const lines = [
    `Stemma ${info.version} (${info.shell}, ${info.platform}), ${formatLocal(facts.time)}`,
    Object.entries(info.versions)
      .map(([name, version]) => `${name} ${version}`)
      .join(', '),
    browser,
    '',
    `running for ${formatDuration(facts.uptimeMs)}; memory ${formatBytes(memory.rss)}, heap ${formatBytes(memory.heapUsed)}`,
    `main loop: usually ${ms(loop.p50)}, 99 of 100 below ${ms(loop.p99)}, longest ${ms(loop.maxEver)}`,
    `engine: ${status === undefined ? 'not known' : [status.engine, hide(status.engineMessage)].filter(Boolean).join(': ')}`,
    ...(status?.computers ?? []).map(
      ({ connection, jobs, message }, i) => `computer ${i + 1}: ${connection}, ${jobs} jobs ${hide(message)}`,
    ),
    `database: ${formatBytes(database.bytes)} and ${formatBytes(database.walBytes)} of journal, ${countWords(database.nodes)} nodes, ${countWords(database.links)} links`,
    `files: ${formatBytes(repository.bytes)} in ${countWords(repository.objects)} objects`,
    '',
    ...checkLines(check, hide),
    ...section(
      'slow queries',
      facts.slowQueries
        .slice(-10)
        .map((query) => `${ms(query.ms)}  ${hide(query.sql.replaceAll(/\s+/g, ' '))}`),
    ),
    ...section(
      'warnings and errors',
      facts.recentLog
        .filter(({ level }) => level === 'warn' || level === 'error')
        .slice(-mostLines)
        .map(({ time, level, room, message }) => `${formatLocal(time)}  ${level}  ${room}: ${hide(message)}`),
    ),
  ];
  return `${lines.join('\n').trimEnd()}\n`;
}

/** For texts that are not ours: labels and machines of computers, accounts there, and what names the person are nothing that a report needs. */
function hider(
  info: AppInfo,
  status: AppStatus | undefined,
  hosts: readonly string[],
): (text: string) => string {
  const { email, firstName, lastName, institution } = info.user;
  const words = [
    ...hosts.flatMap((host) => [[host, '[host]'] as const, [host.split('.')[0] ?? '', '[host]'] as const]),
    ...(status?.computers ?? []).map(({ label }, i) => [label, `computer-${i + 1}`] as const),
    ...[email, `${firstName} ${lastName}`.trim(), institution].map((word) => [word, '[name]'] as const),
  ].filter(([word]) => word !== '' && !/^(?:localhost|\d+)$/.test(word));
  return (text) =>
    words
      .toSorted(([a], [b]) => b.length - a.length)
      .reduce((hidden, [word, instead]) => hidden.replaceAll(patternOf(word), instead), withoutKnown(text));
}

const withoutKnown = (text: string): string => withoutHosts(withoutAccounts(withoutHome(text)));

/** A short word only where it stands for itself: `hpc` is no part of another word, `a` might be. */
function patternOf(word: string): RegExp {
  const plain = word.replaceAll(/[.*+?^${}()|[\]\\/]/g, String.raw`\$&`);
  return new RegExp(word.length >= 4 ? plain : `(?<![\\p{L}\\p{N}_])${plain}(?![\\p{L}\\p{N}_])`, 'gu');
}

function checkLines(check: FinishedCheck | null, hide: (text: string) => string): readonly string[] {
  if (check === null) return ['no check was made', ''];
  const { report, readObjects, ms: took } = check;
  return [
    `check${readObjects ? ' with every file read' : ''}: ${report.problems.length} findings in ${checkedWords(report.checked)}, ${tookWords(took)}`,
    ...report.problems
      .slice(0, mostLines)
      .map(({ code, subject, message }) => `  ${code}  ${hide(`${subject}  ${message}`)}`),
    ...(report.problems.length > mostLines ? [`  … ${report.problems.length - mostLines} more`] : []),
    '',
  ];
}

const section = (title: string, lines: readonly string[]): readonly string[] =>
  lines.length === 0 ? [] : [`${title}:`, ...lines.map((line) => `  ${line}`), ''];
