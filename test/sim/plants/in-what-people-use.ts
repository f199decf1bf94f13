import type { Plant } from './plant.ts';

const questions = 'src-main/engine/transitions/questions.ts';
const stopping = 'src-main/engine/transitions/stopping.ts';
const workflowEnd = 'src-main/engine/transitions/workflow-end.ts';
const restart = 'src-shared/plugin/restart/run-restart.ts';
const clone = 'src-main/engine/clone-finished.ts';
const hashing = 'src-main/engine/process-attributes.ts';

/** Faults in the cache, in restart workflows, in questions, and in rules that stop a job. */
export const inWhatPeopleUse: readonly Plant[] = [
  {
    name: 'cache-ignores-inputs',
    file: hashing,
    find: 'return processHash({ nodeType, attributes, repository, computer: job?.computer ?? null }, inputs);',
    replace:
      'return processHash({ nodeType, attributes, repository, computer: job?.computer ?? null }, Object.keys(inputs).length > 99 ? inputs : {});',
    says: 'A calculation is taken from the cache although its inputs differ.',
    uses: ({ caching }) => caching !== 'off',
  },
  {
    name: 'cache-takes-failures',
    file: 'src-main/engine/find-equal.ts',
    find: 'if (exitStatus === 0) return true;',
    replace: 'if (exitStatus !== undefined) return true;',
    says: 'What failed is taken from the cache.',
    uses: ({ caching }) => caching !== 'off',
  },
  {
    name: 'cached-output-not-marked',
    file: clone,
    find: 'extras: { [cacheExtras.cachedFrom]: output.uuid },',
    replace: 'extras: {},',
    says: 'Outputs of a copy do not say that they are copies.',
    uses: ({ caching }) => caching !== 'off',
  },
  {
    name: 'cached-not-marked',
    file: clone,
    find: 'extras: { [cacheExtras.hash]: request.hash, [cacheExtras.cachedFrom]: source.uuid },',
    replace: 'extras: { [cacheExtras.hash]: request.hash },',
    says: 'A process that was taken from the cache does not say so.',
    uses: ({ caching }) => caching !== 'off',
  },
  {
    name: 'cached-step-unheard',
    file: 'src-main/engine/batch.ts',
    find: "if (created.kind === 'cached') {",
    replace: "if (created.kind === 'cached' && this.#told.length > 0) {",
    says: 'A workflow does not hear of a step that was taken from the cache.',
    uses: ({ caching }) => caching !== 'off',
  },
  {
    name: 'answer-not-recorded',
    file: questions,
    find: "const step = { kind: 'question', ...open, answer } as const;",
    replace: "const step = { kind: 'question', ...open, answer: null } as const;",
    says: 'An answer is acted upon and not written down.',
    uses: ({ questions: asks, restarts }) => asks || restarts,
  },
  {
    name: 'answered-question-asked-again',
    file: questions,
    find: "if (known?.kind === 'question') {",
    replace: "if (known?.kind === 'question' && known.answer === null) {",
    says: 'When a workflow begins anew it asks again what was answered.',
    uses: ({ questions: asks, restarts }) => asks || restarts,
  },
  {
    name: 'second-answer-counts',
    file: questions,
    find: 'const { [event.label]: open, ...questions } = questionsOf(draft.state);',
    replace: 'const questions = questionsOf(draft.state);\n  const open = questions[event.label];',
    says: 'A question stays open after its answer, and the next answer counts, too.',
    uses: ({ questions: asks, restarts }) => asks || restarts,
  },
  {
    name: 'acts-counted-in-memory',
    file: restart,
    find: 'readonly #acted = new Map<string, number>();',
    replace:
      'readonly #acted: Map<string, number> = ((globalThis as unknown as { acts?: Map<string, number> }).acts ??= new Map());',
    says: 'What a handler did is remembered by the program that runs, not by the workflow.',
    uses: ({ restarts }) => restarts,
  },
  {
    name: 'act-forgotten',
    file: restart,
    find: '    this.#inputs = inputs.inputs;\n',
    replace: '    if (iteration % 2 === 1) this.#inputs = inputs.inputs;\n',
    says: 'What a handler changed is not what runs next.',
    uses: ({ restarts }) => restarts,
  },
  {
    name: 'limit-off-by-one',
    file: restart,
    find: 'if (iteration < this.#limit) return;',
    replace: 'if (iteration <= this.#limit) return;',
    says: 'A restart workflow runs once more than it may.',
    uses: ({ restarts }) => restarts,
  },
  {
    name: 'limit-grows-with-restarts',
    file: restart,
    find: 'this.#limit = plan.maxIterations;',
    replace: `const begun = ((globalThis as unknown as { begun?: Set<string> }).begun ??= new Set());
    const key = JSON.stringify(plan.inputs);
    this.#limit = plan.maxIterations + (begun.has(key) ? 1 : 0);
    begun.add(key);`,
    says: 'A restart workflow that begins anew in another life of the core may run once more.',
    uses: ({ restarts }) => restarts,
  },
  {
    name: 'paused-end-is-an-end',
    file: workflowEnd,
    find: 'if (draft.state.paused) return runAgain(draft);',
    replace: '',
    says: 'A workflow that is paused ends, and what it said last is lost.',
    uses: ({ restarts }) => restarts,
  },
  {
    name: 'rule-ends-before-its-job',
    file: stopping,
    find: 'draft.set({ stopping: { ...stopping, told: true }, retry: null });\n',
    replace:
      "if (draft.now > 0) return draft.end(finished(coreExitCodes.stoppedByMonitor.status, 'stopped'));\n",
    says: 'A process that a rule stops ends before its job is gone.',
    uses: ({ rules }) => rules,
  },
  {
    name: 'rule-reads-another-file',
    file: 'src-main/computers/rules/rule-watch.ts',
    find: 'const one = due[i];',
    replace: 'const one = due[due.length - 1 - i];',
    says: 'A rule reads what is new in the file of another rule.',
    uses: ({ rules }) => rules,
  },
  {
    name: 'rules-forgotten',
    file: 'src-main/engine/performers/jobs.ts',
    find: 'rules: state.stopping === undefined && !state.killing ? (state.rules ?? []) : []',
    replace: 'rules: state.stopping === undefined && state.facts === null ? (state.rules ?? []) : []',
    says: 'After a restart of the core the rules of a job that runs are not looked at.',
    uses: ({ rules }) => rules,
  },
  {
    name: 'stop-forgotten',
    file: 'src-main/engine/transitions/job.ts',
    find: "if (phase === 'run' && (killing || stopping?.told === false)) return 'cancel';",
    replace: "if (phase === 'run' && killing) return 'cancel';",
    says: 'A job that a rule is to stop is not cancelled where that failed at first.',
    uses: ({ rules }) => rules,
  },
  {
    name: 'rule-hides-a-good-end',
    file: stopping,
    find: 'return facts.exitStatus === 0 || !told;',
    replace: 'return facts.exitStatus === -1;',
    says: 'A job that ended well before its rule could stop it counts as stopped.',
    uses: ({ rules }) => rules,
  },
];
