import { z } from 'zod';
import { notInName } from '../../process/code-name.ts';
import { command, query, stream, task } from '../define.ts';
import { errorInfo, nothing, time, uuid } from '../common.ts';

const noControl = /^[^\0-\x1f\x7f]*$/;
const noBlanks = 'Must have no blanks and no “@”: a code is called code@computer.';
const word = z
  .string()
  .regex(/^[A-Za-z0-9._:-]+$/, 'Must have letters, digits and . _ : - only.')
  .max(255);
const hostName = word.refine((text) => !text.startsWith('-'), 'Must not begin with “-”.');

/** How to log in. Secrets are never part of it: they go by `computers.giveSecret`. */
export const sshAuth = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('agent') }),
  z.object({ kind: z.literal('key'), path: z.string().min(1).max(4096).regex(noControl) }),
  z.object({ kind: z.literal('password') }),
]);

export const transportConfig = z.discriminatedUnion('type', [
  z.object({ type: z.literal('core.local') }),
  z.object({
    type: z.literal('core.ssh'),
    host: hostName,
    port: z.number().int().min(1).max(65535).default(22),
    user: word.refine((text) => !text.startsWith('-'), 'Must not begin with “-”.'),
    auth: sshAuth,
    /** Hosts to go through, first hop first. */
    jumps: z
      .array(z.object({ host: hostName, port: z.number().int().min(1).max(65535).default(22), user: word }))
      .max(5)
      .default([]),
  }),
]);
export type TransportConfig = z.infer<typeof transportConfig>;

const template = z
  .string()
  .min(1, 'Must not be empty.')
  .max(4096)
  .regex(noControl, 'Must have no line breaks and no other control characters.')
  .refine(
    (path) => path.startsWith('/') || path.startsWith('{home}'),
    'Must be an absolute path, or begin with {home}: /scratch/{username}/stemma.',
  )
  .refine(
    (path) => [...path.matchAll(/\{(\w*)\}/g)].every(([, name]) => name === 'username' || name === 'home'),
    'Only {username} and {home} are filled in.',
  )
  .refine((path) => !path.split('/').includes('..'), 'Must be without “..”.');

/** A computer as the form has it; names as AiiDA's `verdi computer setup`. */
export const computerConfig = z.object({
  label: z
    .string()
    .min(1, 'Must not be empty.')
    .max(255)
    .refine((text) => !notInName.test(text), noBlanks),
  description: z.string().max(10_000).default(''),
  transport: transportConfig,
  scheduler: z.enum(['core.direct', 'core.slurm']),
  workDirectory: template,
  shebang: z
    .string()
    .regex(/^#!\/[^\0\r\n]+$/, 'Must begin with #! and an absolute path: #!/bin/bash.')
    .default('#!/bin/bash'),
  /** One word each; `{tot_num_mpiprocs}` and the keys of resources are filled in. */
  mpirunCommand: z.array(z.string().min(1).regex(noControl)).default(['mpirun', '-np', '{tot_num_mpiprocs}']),
  defaultMpiprocsPerMachine: z.number().int().positive().nullable().default(null),
  /** kB (1024 bytes), as AiiDA has it. */
  defaultMemoryPerMachine: z.number().int().positive().nullable().default(null),
  prependText: z.string().max(100_000).default(''),
  appendText: z.string().max(100_000).default(''),
  /** Seconds between two queries of the queue. */
  minimumPollInterval: z.number().min(0.1).max(86_400).default(10),
  /** Jobs in its queue at once; the others wait here. null = as many as the site takes. */
  maxJobs: z.number().int().min(1).max(1_000_000).nullable().default(null),
  /**
   * Uploads and retrievals at once; as many submissions beside them, by SSH at most 3. null = 3 by SSH, where sessions are
   * left for the queue; 16 here.
   */
  maxTransfers: z.number().int().min(1).max(20).nullable().default(null),
});
export type ComputerConfig = z.infer<typeof computerConfig>;
export type ComputerConfigInput = z.input<typeof computerConfig>;

export const connectionState = z.enum(['idle', 'connecting', 'connected', 'waiting', 'needs-you', 'paused']);
export type ConnectionState = z.infer<typeof connectionState>;

export const computerRow = z.object({
  uuid,
  label: z.string(),
  hostname: z.string(),
  description: z.string(),
  transportType: z.string(),
  schedulerType: z.string(),
  enabled: z.boolean(),
  /** False for computers that came with an archive: nothing is known of how to reach them. */
  configured: z.boolean(),
  codes: z.number(),
  calculations: z.number(),
});
export type ComputerRow = z.infer<typeof computerRow>;

export const sshHost = z.object({
  name: z.string(),
  hostname: z.string(),
  user: z.string(),
  port: z.number(),
  identityFile: z.string(),
  jumps: z.array(z.object({ host: z.string(), port: z.number(), user: z.string() })),
  /** What we cannot do of this entry, in words: `ProxyCommand is not run`. */
  notes: z.array(z.string()),
});
export type SshHost = z.infer<typeof sshHost>;

export const hostKey = z.object({
  host: z.string(),
  port: z.number(),
  /** `ssh-ed25519` */
  algorithm: z.string(),
  /** `SHA256:…` as `ssh-keygen -l` prints it */
  fingerprint: z.string(),
});
export type HostKey = z.infer<typeof hostKey>;

/** A code is good for one login only. */
export const secretKind = z.enum(['password', 'passphrase', 'code']);

export const testSteps = [
  'resolve',
  'connect',
  'host-key',
  'login',
  'clean-shell',
  'scheduler',
  'work-directory',
  'round-trip',
  'clock',
] as const;

export const testStep = z.object({
  step: z.enum(testSteps),
  state: z.enum(['running', 'ok', 'warning', 'failed', 'needs-you', 'skipped']),
  ms: z.number(),
  /** One sentence on the outcome: `12 ms`, `logged in as alice with a key`. */
  words: z.string(),
  /** What the other side said, as text. */
  output: z.string(),
  hint: z.string(),
  /** Where the state is `needs-you`: the key to accept, or the secret to give. */
  ask: z
    .discriminatedUnion('kind', [
      z.object({ kind: z.literal('host-key'), key: hostKey }),
      z.object({
        kind: z.literal('host-key-changed'),
        key: hostKey,
        known: z.array(hostKey),
        source: z.string(),
      }),
      z.object({
        kind: z.literal('secret'),
        of: secretKind,
        host: z.string(),
        port: z.number(),
        user: z.string(),
        /** What to ask, where it comes from the other side (a one-time code): text, to be shown as text. */
        prompt: z.string(),
      }),
    ])
    .nullable(),
});
export type TestStep = z.infer<typeof testStep>;
export type TestStepName = (typeof testSteps)[number];

/** One job as the queue page shows it. */
export const queueJob = z.object({
  process: uuid,
  name: z.string(),
  jobId: z.string(),
  state: z.string(),
  reason: z.string(),
  since: time.nullable(),
});

export const queueState = z.object({
  computer: uuid,
  label: z.string(),
  scheduler: z.string(),
  connection: connectionState,
  /** `connected for 00:12:04`, `unreachable since 10:32, next try in 00:40` */
  words: z.string(),
  paused: z.boolean(),
  lastPoll: time.nullable(),
  nextPoll: time.nullable(),
  nextAttempt: time.nullable(),
  /** Since when every attempt to reach it has failed. */
  unreachableSince: time.nullable(),
  /** Jobs whose next step needs it and cannot begin, because it cannot be reached, is paused or needs a person. */
  waiting: z.number(),
  /** Jobs that wait for a place in its queue, and why in words: a limit of the person, or one of the site. */
  places: z.object({ waiting: z.number(), words: z.string() }).nullable(),
  /** How many jobs are in each step. */
  steps: z.record(z.string(), z.number()),
  jobs: z.array(queueJob),
  /** Why it cannot be reached, or what the last look at the queue failed with. */
  problem: errorInfo.nullable(),
  ask: testStep.shape.ask,
});
export type QueueState = z.infer<typeof queueState>;

export const computersArea = {
  'computers.list': stream(nothing, z.array(computerRow)),
  'computers.get': query(
    z.object({ uuid }),
    z.object({ uuid, config: computerConfig.nullable(), row: computerRow }),
  ),
  /** Hosts of `~/.ssh/config`, patterns left out. */
  'computers.sshHosts': query(nothing, z.array(sshHost)),
  'computers.create': command(computerConfig, z.object({ uuid })),
  /** Label, description and how to reach it may change; the identity stays. */
  'computers.update': command(z.object({ uuid, config: computerConfig }), nothing),
  /** Refused while a node refers to it: disable it instead. */
  'computers.remove': command(z.object({ uuid }), nothing),
  'computers.setEnabled': command(z.object({ uuid, enabled: z.boolean() }), nothing),
  /** Tests a configuration, saved or not; a step with `needs-you` ends it: give what it asks and test again. */
  'computers.test': task(z.object({ config: computerConfig }), testStep),
  /** Puts a key that a person has looked at into our own known-hosts file. */
  'computers.acceptHostKey': command(hostKey, nothing),
  /** Forgets the keys that we hold for a host, after a person has made sure that the change is right. */
  'computers.forgetHostKeys': command(z.object({ host: z.string(), port: z.number().int() }), nothing),
  /** Kept in memory only, until Stemma ends. */
  'computers.giveSecret': command(
    z.object({
      host: hostName,
      port: z.number().int().default(22),
      user: word,
      of: secretKind,
      secret: z.string().min(1).max(4096),
    }),
    nothing,
  ),
  'computers.pause': command(z.object({ uuid }), nothing),
  'computers.resume': command(z.object({ uuid }), nothing),
  'computers.retryNow': command(z.object({ uuid }), nothing),
  'computers.queue': stream(z.object({ uuid: uuid.optional() }), z.array(queueState)),
};

/** A code: an executable on a computer. Names as AiiDA's InstalledCode. */
export const codeConfig = z.object({
  label: z
    .string()
    .min(1, 'Must not be empty.')
    .max(255)
    .refine((text) => !notInName.test(text), noBlanks),
  description: z.string().max(10_000).default(''),
  computer: uuid,
  executable: z
    .string()
    .min(1, 'Must not be empty.')
    .max(4096)
    .regex(/^\/[^\0-\x1f\x7f]*$/, 'Must be an absolute path on the computer: /usr/bin/env.'),
  defaultPlugin: z.string().default(''),
  /** null = as the calculation says */
  withMpi: z.boolean().nullable().default(null),
  prependText: z.string().max(100_000).default(''),
  appendText: z.string().max(100_000).default(''),
});
export type CodeConfig = z.infer<typeof codeConfig>;

export const codeRow = z.object({
  uuid,
  /** `label@computer` */
  fullLabel: z.string(),
  label: z.string(),
  computer: z.string(),
  computerUuid: z.string(),
  executable: z.string(),
  defaultPlugin: z.string(),
  withMpi: z.boolean().nullable(),
  hidden: z.boolean(),
  calculations: z.number(),
  ctime: time,
});
export type CodeRow = z.infer<typeof codeRow>;

export const codesArea = {
  'codes.list': stream(
    z.object({ plugin: z.string().optional(), hidden: z.boolean().default(false) }),
    z.array(codeRow),
  ),
  'codes.create': command(codeConfig, z.object({ uuid })),
  /** A code is data and so never changes; only its label and description do. */
  'codes.relabel': command(
    z.object({ uuid, label: codeConfig.shape.label, description: z.string() }),
    nothing,
  ),
  'codes.setHidden': command(z.object({ uuid, hidden: z.boolean() }), nothing),
  'codes.test': query(
    z.object({ computer: uuid, executable: codeConfig.shape.executable }),
    z.object({ ok: z.boolean(), words: z.string(), hint: z.string() }),
  ),
};
