import { z } from 'zod';
import { command, query, stream, task } from '../define.ts';
import { nothing, progress, time } from '../common.ts';

export const appInfo = z.object({
  version: z.string(),
  shell: z.enum(['electron', 'browser', 'none']),
  platform: z.string(),
  versions: z.record(z.string(), z.string()),
  profile: z.object({
    name: z.string(),
    directory: z.string(),
    nodes: z.number(),
    /** Nothing stored and nothing launched yet: the first-run page offers the demo. */
    isNew: z.boolean(),
  }),
  user: z.object({ email: z.string(), firstName: z.string(), lastName: z.string(), institution: z.string() }),
});
export type AppInfo = z.infer<typeof appInfo>;

export const counts = z.object({
  created: z.number(),
  running: z.number(),
  waiting: z.number(),
  paused: z.number(),
  finished: z.number(),
  failed: z.number(),
  excepted: z.number(),
  killed: z.number(),
});

/** Something that runs in the background and may be cancelled. */
export const backgroundTask = z.object({
  id: z.string(),
  title: z.string(),
  state: z.enum(['running', 'done', 'failed', 'cancelled']),
  progress: progress.nullable(),
  message: z.string(),
  started: time,
  ended: time.nullable(),
});
export type BackgroundTask = z.infer<typeof backgroundTask>;

/** The status bar. */
export const status = z.object({
  engine: z.enum(['starting', 'running', 'stopping', 'failed']),
  engineMessage: z.string(),
  processes: counts,
  computers: z.array(
    z.object({
      uuid: z.string(),
      label: z.string(),
      connection: z.enum(['idle', 'connecting', 'connected', 'waiting', 'needs-you', 'paused']),
      message: z.string(),
      jobs: z.number(),
      /** Jobs whose next step needs it and cannot begin now. */
      waiting: z.number(),
      unreachableSince: time.nullable(),
      nextAttempt: time.nullable(),
    }),
  ),
  tasks: z.array(backgroundTask),
});
export type AppStatus = z.infer<typeof status>;

export const diagnostics = z.object({
  time,
  uptimeMs: z.number(),
  memory: z.object({ rss: z.number(), heapUsed: z.number(), external: z.number() }),
  /** Delays of the core's event loop since the last sample, in ms. */
  loop: z.object({ p50: z.number(), p99: z.number(), max: z.number(), maxEver: z.number() }),
  database: z.object({ bytes: z.number(), walBytes: z.number(), nodes: z.number(), links: z.number() }),
  repository: z.object({ objects: z.number(), bytes: z.number() }),
  slowQueries: z.array(z.object({ time, ms: z.number(), sql: z.string() })),
  recentLog: z.array(
    z.object({
      time,
      level: z.enum(['debug', 'info', 'warn', 'error']),
      room: z.string(),
      message: z.string(),
    }),
  ),
});
export type Diagnostics = z.infer<typeof diagnostics>;

/** A process type, or a pattern of it with `*`. */
const cachePattern = z.string().min(1).max(300).regex(/^\S+$/, 'A pattern has no blanks.');
/** What is taken from the cache; by AiiDA's rules and its settings `caching.*`. */
const cachingSettings = z.object({
  enabled: z.boolean(),
  enabledFor: z.array(cachePattern).max(200),
  disabledFor: z.array(cachePattern).max(200),
});
export type CachingSettings = z.infer<typeof cachingSettings>;

/** The number of a file that a person last plotted, by process type. */
const plottedPattern = z.object({
  file: z.string().max(1000),
  kind: z.enum(['words', 'expression']),
  text: z.string().max(1000),
});

const settingFields = {
  theme: z.enum(['system', 'light', 'dark']),
  density: z.enum(['comfortable', 'compact']),
  singleKeys: z.boolean(),
  hintsDismissed: z.array(z.string()),
  caching: cachingSettings,
  patterns: z
    .record(z.string().max(300), plottedPattern)
    .refine((patterns) => Object.keys(patterns).length <= 100, 'At most 100 are remembered.'),
};

export const settings = z.object({
  theme: settingFields.theme.default('system'),
  density: settingFields.density.default('comfortable'),
  singleKeys: settingFields.singleKeys.default(true),
  hintsDismissed: settingFields.hintsDismissed.default([]),
  patterns: settingFields.patterns.default({}),
  caching: settingFields.caching.default({ enabled: false, enabledFor: [], disabledFor: [] }),
});
/** Without defaults: those of a partial schema are filled in, and would undo every setting that was not named. */
const settingsChange = z.object(settingFields).partial();
export type Settings = z.infer<typeof settings>;

/** What a check of the profile found. */
export const checkReport = z.object({
  problems: z.array(z.object({ code: z.string(), subject: z.string(), message: z.string() })),
  /** How many of each there are: `nodes`, `links`, `objects`. */
  checked: z.record(z.string(), z.number()),
});
export type CheckReport = z.infer<typeof checkReport>;

const checkDepth = z.object({ readObjects: z.boolean().default(false) });

export const appArea = {
  'app.info': query(nothing, appInfo),
  'app.status': stream(nothing, status),
  'app.diagnostics': stream(nothing, diagnostics),
  'app.settings': query(nothing, settings),
  'app.setSettings': command(settingsChange, settings),
  'app.setUser': command(
    z.object({
      email: z
        .string()
        .max(254)
        .regex(/^[^@\s]+@[^@\s]+$/, 'no e-mail address'),
      firstName: z.string().max(254),
      lastName: z.string().max(254),
      institution: z.string().max(254),
    }),
    nothing,
  ),
  'app.cancelTask': command(z.object({ id: z.string() }), nothing),
  /** L0 + L3 of the profile check, or with every hash read again. */
  'app.check': query(checkDepth, checkReport),
  /** The same as a background task, with its progress; who stops listening cancels it. */
  'app.runCheck': task(
    checkDepth,
    z.discriminatedUnion('kind', [
      z.object({ kind: z.literal('progress'), progress }),
      z.object({ kind: z.literal('done'), report: checkReport }),
    ]),
  ),
};
