import type { Plant } from './plant.ts';

const job = 'src-main/engine/transitions/job.ts';
const workflow = 'src-main/engine/transitions/workflow.ts';
const engine = 'src-main/engine/engine.ts';
const batch = 'src-main/engine/batch.ts';
const live = 'src-main/engine/live-effects.ts';

/** Faults in what the engine remembers, promises and does. */
export const inTheEngine: readonly Plant[] = [
  {
    name: 'effect-before-commit',
    file: engine,
    find: '      batch.finish();\n      return batch;\n    });\n    batch.commit();',
    replace: '      batch.finish();\n      batch.commit();\n      return batch;\n    });',
    says: 'Effects begin before the transaction that promises them is durable.',
  },
  {
    name: 'promises-forgotten',
    file: engine,
    find: 'of effects) {',
    replace: "of effects.filter((one) => one.effect.kind !== 'submit')) {",
    says: 'After a restart the promise to submit is not kept.',
  },
  {
    name: 'sleep-forgotten',
    file: engine,
    find: 'of effects) {',
    replace: "of effects.filter((one) => one.effect.kind !== 'wake')) {",
    says: 'After a restart a sleeping workflow is not woken.',
  },
  {
    name: 'token-used-again',
    file: job,
    find: 'token: event.freshToken, since: draft.now };',
    replace: 'token: draft.state.attempt.token, since: draft.now };',
    says: 'A new attempt has the token of the old one.',
    where: ({ faults, site }) => faults.sbatchAcceptsLate > 0.1 && site.scheduler === 'core.slurm',
    first: 'doubt',
  },
  {
    name: 'unconfirmed-submits-again',
    file: job,
    find: "case 'unconfirmed': {\n",
    replace: `case 'unconfirmed': {
      const again = { number: draft.state.attempt.number + 1, token: event.freshToken };
      if (again.number < 5) return enter(draft.set({ attempt: again, directory: null }), 'upload').keep();
`,
    says: 'A submission of which the answer was lost is made again as a new attempt.',
    where: ({ faults, site }) =>
      (faults.sbatchTimesOutButAccepts > 0.1 || faults.sbatchAcceptsLate > 0.1) &&
      site.scheduler === 'core.slurm',
    first: 'doubt',
  },
  {
    name: 'kill-forgets-the-job',
    file: job,
    find: "draft.set({ killing: true, paused: false, retry: null }).do({ kind: 'drop-effects' });\n",
    replace: 'if (draft.now > 0) return draft.end(killed(event.by));\n',
    says: 'Killing a process ends it, and leaves its job to run.',
  },
  {
    name: 'killer-not-kept',
    file: 'src-main/engine/transitions/common.ts',
    find: 'process_status: undefined, state: undefined, ...patch });',
    replace: '...patch, process_status: undefined, state: undefined });',
    says: 'A process that was killed does not say by whom.',
  },
  {
    name: 'lost-means-given-up',
    file: job,
    find: '      draft.set({ lost: observation.message, lostFound: observation.found ?? [] });\n',
    replace:
      '      draft.set({ lost: observation.message, lostFound: observation.found ?? [] });\n      if (draft.now > 0) return onAssumeLost(draft);\n',
    says: 'A job that is nowhere to be found is given up without a person having been asked.',
  },
  {
    name: 'sealed-too-early',
    file: job,
    find: "return enter(draft, 'retrieve').keep();",
    replace: "return draft.end(finished(0, ''));",
    says: 'A process ends with its job, before its files are here.',
  },
  {
    name: 'unreachable-means-failed',
    file: 'src-main/engine/transitions/common.ts',
    find: 'const retry = nextRetry(draft.state.retry, event.error, event.roll, draft.now);',
    replace:
      'const retry = nextRetry(draft.state.retry, event.error, event.roll, draft.now);\n  if (retry.failures > 4) return draft.end(excepted(event.error.message));',
    says: 'A process fails because its computer could not be reached for a while.',
    where: ({ faults }) => faults.executeThenLoseReply + faults.cutLink + faults.garbleReply > 0.15,
  },
  {
    name: 'child-created-twice',
    file: workflow,
    find: "if (known?.kind === 'call') {",
    replace: "if (known?.kind === 'call' && Object.hasOwn(draft.state.waiting, label)) {",
    says: 'A workflow that begins anew calls again what it had called.',
  },
  {
    name: 'step-not-written',
    file: batch,
    find: 'this.#tx.putStep({ process, label: ask.label, record: writeStep(step) });',
    replace: 'writeStep(step);',
    says: 'The call of a step is not recorded.',
  },
  {
    name: 'answers-differ',
    file: workflow,
    find: "known?.kind === 'number' ? known : ({ kind: 'number', value, of: ask.kind } as const)",
    replace:
      "({ kind: 'number', value: known?.kind === 'number' && value < 0 ? known.value : value, of: ask.kind } as const)",
    says: 'A random number or the time is another when a workflow begins anew.',
  },
  {
    name: 'sleep-begins-anew',
    file: workflow,
    find: 'if (known.order === undefined && draft.now < known.until) return sleepOn(draft, label, known.until);',
    replace: '',
    says: 'A workflow that begins anew does not sleep to the end.',
  },
  {
    name: 'child-ends-unheard',
    file: batch,
    find: 'this.#told.push({ process: state.caller.process, event });',
    replace: 'if (this.#told.length > 0) this.#told.push({ process: state.caller.process, event });',
    says: 'A workflow does not hear that a step has ended.',
  },
  {
    name: 'full-disk-drops-events',
    file: 'src-main/engine/retry.ts',
    find: "  ['disk-full', 5000],\n",
    replace: '',
    says: 'What happens while the disk is full is not written later.',
  },
  {
    name: 'busy-drops-events',
    file: engine,
    find: 'this.#queue.unshift(...items.filter(({ done }) => waits || done === null));',
    replace: 'this.#queue.unshift(...items.filter(({ done }) => done !== null));',
    says: 'What happens while an import writes is forgotten.',
  },
  {
    name: 'pause-loses-the-work',
    file: live,
    find: 'entry.abort?.abort();\n      entry.abort = null;',
    replace: 'entry.abort?.abort();',
    says: 'What a pause has interrupted is not taken up when the process plays again.',
  },
  {
    name: 'not-durable',
    file: 'src-main/provenance/database.ts',
    find: "db.pragma('synchronous = FULL');",
    replace: "db.pragma('synchronous = NORMAL');",
    says: 'A commit does not wait for the disk.',
  },
  {
    name: 'rows-before-files',
    file: 'src-main/engine/ready-data.ts',
    find: 'const stored = fresh.length === 0 ? [] : await objects.putMany(fresh);',
    replace: `const { createHash } = await import('node:crypto');
  if (fresh.length > 0) void objects.putMany(fresh).catch(() => {});
  const stored = fresh.map((bytes) => ({ hash: createHash('sha256').update(bytes).digest('hex') as ObjectHash, size: 0 }));`,
    says: 'A node names files that are not durable yet.',
  },
];
