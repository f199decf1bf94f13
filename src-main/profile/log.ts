import type { Diagnostics } from '#shared/contract/areas/app.ts';
import { errorInfo } from '#shared/base/errors.ts';
import type { Redactor } from './redact.ts';
import type { LogSink } from './log-files.ts';

export type LogLevel = Diagnostics['recentLog'][number]['level'];
export type LogEntry = Diagnostics['recentLog'][number];

/** What a line may carry beside its words. A closed list, so that nobody logs an environment or a header by habit. */
export interface LogFields {
  readonly code?: string | undefined;
  /** The thing it is about: a label, a UUID, a host. */
  readonly subject?: string | undefined;
  readonly details?: string | undefined;
  readonly ms?: number | undefined;
  readonly count?: number | undefined;
  readonly bytes?: number | undefined;
}

/** The log of one profile: JSON lines in its folder, the last ones also in memory for the Diagnostics page. */
export interface Log {
  debug(room: string, message: string, fields?: LogFields): void;
  info(room: string, message: string, fields?: LogFields): void;
  warn(room: string, message: string, fields?: LogFields): void;
  error(room: string, message: string, fields?: LogFields): void;
  /** Anything that was thrown: a wrong input is no news, the world's failure a warning, a defect of ours an error. */
  thrown(room: string, doing: string, thrown: unknown): void;
  /** Newest last. */
  recent(): readonly LogEntry[];
  close(): void;
}

export interface LogOptions {
  readonly sink: LogSink;
  readonly redactor: Redactor;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Lines of `debug` stay in memory unless this is set. */
  readonly writeDebug?: boolean;
}

const kept = 500;
const longestText = 8_000;
const levelOf = { user: 'info', operational: 'warn', unexpected: 'error' } as const;

/** Every text goes through the redactor, on its way to the file and to the Diagnostics page. */
export function createLog({ sink, redactor, now, writeDebug = false }: LogOptions): Log {
  const ring: LogEntry[] = [];
  let lost = 0;

  const keep = (entry: LogEntry): void => {
    ring.push(entry);
    if (ring.length > kept) ring.shift();
  };

  const write = (level: LogLevel, room: string, message: string, fields: LogFields = {}): void => {
    const time = now();
    const clean = (text: string): string => shorten(redactor.clean(text));
    const entry: LogEntry = { time, level, room, message: clean(message) };
    keep(entry);
    if (level === 'debug' && !writeDebug) return;
    const extra: Record<string, string | number> = {};
    for (const [key, value] of Object.entries(fields)) {
      if (typeof value === 'string') extra[key] = clean(value);
      else if (typeof value === 'number') extra[key] = value;
    }
    const line = { ...entry, time: new Date(time).toISOString(), ...extra, ...(lost > 0 && { lost }) };
    try {
      sink.write(`${JSON.stringify(line)}\n`);
      lost = 0;
    } catch (error) {
      // A full disk must not stop the engine. The next line that can be written says how many are missing.
      if (lost === 0) keep({ time, level: 'error', room: 'log', message: (error as Error).message });
      lost++;
    }
  };

  return {
    debug: (room, message, fields) => write('debug', room, message, fields),
    info: (room, message, fields) => write('info', room, message, fields),
    warn: (room, message, fields) => write('warn', room, message, fields),
    error: (room, message, fields) => write('error', room, message, fields),
    thrown(room, doing, thrown) {
      const { family, code, message, subject, details } = errorInfo(thrown);
      write(levelOf[family], room, `${doing}: ${message}`, { code, subject, details });
    },
    recent: () => [...ring],
    close: () => sink.close(),
  };
}

const shorten = (text: string): string =>
  text.length <= longestText ? text : `${text.slice(0, longestText)}… (${text.length} characters)`;
