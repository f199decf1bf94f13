import type { Plant } from './plant.ts';

const workflow = 'src-main/engine/transitions/workflow.ts';
const ending = 'src-main/engine/transitions/workflow-end.ts';

/** Faults in what a workflow does, how it ends, and whom its end reaches. */
export const inWorkflows: readonly Plant[] = [
  {
    name: 'workflow-ends-early',
    file: ending,
    find: "if (recorded?.kind !== 'call') return draft.keep();",
    replace:
      "if (recorded?.kind !== 'call') return draft.keep();\n  if (isLast && draft.state.finished > 1) return draft.end(finished(0, ''));",
    says: 'A workflow ends well after its second step, whatever its code has still to do.',
  },
  {
    name: 'exit-status-lost',
    file: ending,
    find: 'return draft.end(finished(outcome.status, outcome.message));',
    replace: 'return draft.end(finished(0, outcome.message));',
    says: 'A workflow that ends with an exit status of its own counts as one that ended well.',
  },
  {
    name: 'output-not-returned',
    file: ending,
    find: "for (const [label, data] of Object.entries(outcome.outputs)) draft.do({ kind: 'return', label, data });",
    replace: '',
    says: 'What a workflow returns is not linked to it.',
  },
  {
    name: 'step-refused',
    file: workflow,
    find: "if (former === null || !('verdict' in former)) return draft.do({ kind: 'start-step', ask }).keep();",
    replace: `if (Object.keys(draft.state.waiting).length > 1) {
        const step = { kind: 'refused', ...callRecord(ask), error: { family: 'user', code: 'busy', message: 'No.' } } as never;
        return giveAnswer(draft, label, step, refusal(step)).keep();
      }
      if (former === null || !('verdict' in former)) return draft.do({ kind: 'start-step', ask }).keep();`,
    says: 'A step is refused while two others run, and its workflow breaks off.',
  },
  {
    name: 'report-left-out',
    file: workflow,
    find: "draft.do({ kind: 'log', level: 'REPORT', message: ask.message });",
    replace: '',
    says: 'What a workflow reports is recorded as a step and is in no report.',
  },
  {
    name: 'kill-does-not-reach-steps',
    file: ending,
    find: "for (const process of children) draft.do({ kind: 'tell', process, event: kill });",
    replace: '',
    says: 'Who kills a workflow does not kill what it has called.',
  },
  {
    name: 'change-of-code-unseen',
    file: 'src-main/workflows/replay.ts',
    find: 'if (!isCall || recorded.fingerprint !== fingerprint(ask.plugin, ask.inputs)) return changed(words());',
    replace: "if (!isCall || fingerprint(ask.plugin, ask.inputs) === '') return changed(words());",
    says: 'New code that asks for something else under a label gets the former answer.',
  },
  {
    name: 'answers-without-order',
    file: 'src-main/engine/code-runs.ts',
    find: 'if (gate === undefined) give();',
    replace: 'if (gate !== null) give();',
    says: 'Code that runs again is given its answers in another order: a race has another winner.',
    uses: ({ races }) => races,
  },
];
