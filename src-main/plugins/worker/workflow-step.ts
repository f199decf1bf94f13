import {
  StepFailed,
  type DataValue,
  type Step,
  type StepInput,
  type StepOutcome,
} from '#shared/plugin/index.ts';
import { namespaceSeparator } from '#shared/process/ports.ts';
import type { Uuid } from '#shared/provenance/ids.ts';
import type { MadeData, PluginInputs, WorkflowAnswer, WorkflowAsk } from '../../engine/ports.ts';
import { isAnnotationName, questionOf } from './question.ts';
import { dataValue, nodeOf, type ReadObject } from './node-values.ts';
import { isDraft, madeData } from './results.ts';

/** Lines of the report are recorded under `report:1`, `report:2`, …, and annotations likewise. */
const ownLabel = /^(?:report|annotation):/;

type Ask = (ask: WorkflowAsk) => Promise<WorkflowAnswer>;
type Inputs = Record<string, { readonly uuid: Uuid } | MadeData>;

function flatten(inputs: Readonly<Record<string, StepInput>>, prefix = '', into: Inputs = {}): Inputs {
  for (const [name, input] of Object.entries(inputs)) {
    if (input === undefined) continue;
    const label = prefix + name;
    const node = nodeOf.get(input);
    if (node !== undefined) into[label] = { uuid: node.uuid };
    else if (isDraft(input)) into[label] = madeData(input);
    else flatten(input as Record<string, StepInput>, label + namespaceSeparator, into);
  }
  return into;
}

/** Longer ones are a mistake in a unit, and would leave the range of times that a database keeps. */
const longestSleepMs = 100 * 365.25 * 24 * 3_600_000;

/**
 * Whole milliseconds, because times are kept so: what a sleep is given is often calculated, as a back-off with jitter.
 * @throws where it is no length of time
 */
function sleepMs(label: string, ms: number): number {
  if (Number.isFinite(ms) && ms <= longestSleepMs) return Math.ceil(ms);
  throw new Error(`“${label}” cannot sleep for ${ms} ms: give a number of milliseconds, 100 years at most.`);
}

/** The hands of one run of a workflow. Labels are checked here, because a label used twice would hide a step. */
export function makeStep(ask: Ask, read: ReadObject): Step {
  const labels = new Set<string>();
  let reports = 0;
  let annotations = 0;

  const once = (label: string): string => {
    if (typeof label !== 'string' || label === '') throw new Error('Every step needs a label.');
    if (labels.has(label)) {
      throw new Error(
        `Two steps have the label “${label}”. Labels are unique in one workflow: number them in a loop.`,
      );
    }
    if (ownLabel.test(label)) {
      throw new Error(`“${label}” cannot be the label of a step: the engine records under such names.`);
    }
    labels.add(label);
    return label;
  };
  const number = async (kind: 'now' | 'random', label: string): Promise<number> => {
    const answer = await ask({ kind, label: once(label) });
    if (answer.kind !== 'number') throw new Error(`The engine answered “${label}” with something else`);
    return answer.value;
  };

  return {
    async call(label, process, inputs, options = {}) {
      const answer = await ask({
        kind: 'call',
        label: once(label),
        plugin: process.spec.id,
        inputs: flatten(inputs),
        nodeLabel: options.label ?? '',
        description: options.description ?? '',
        computer: (options.computer ?? null) as Uuid | null,
        options: options.options === undefined ? '' : JSON.stringify(options.options),
        caching: options.caching,
      });
      if (answer.kind !== 'outcome') throw new Error(`The engine answered “${label}” with something else`);
      const values = (nodes: PluginInputs): Record<string, DataValue> =>
        Object.fromEntries(Object.entries(nodes).map(([name, node]) => [name, dataValue(node, read)]));
      const outcome: StepOutcome = {
        ...answer,
        inputs: values(answer.inputs),
        outputs: values(answer.outputs),
      };
      if (!outcome.ok && options.allowFailure !== true) throw new StepFailed(label, outcome);
      return outcome;
    },
    now: (label) => number('now', label),
    random: (label) => number('random', label),
    async sleep(label, ms) {
      await ask({ kind: 'sleep', label: once(label), ms: sleepMs(label, ms) });
    },
    async ask(label, asked) {
      const question = questionOf(label, asked);
      const answer = await ask({ kind: 'question', label: once(label), question });
      if (answer.kind !== 'choice') throw new Error(`The engine answered “${label}” with something else`);
      return { choice: answer.choice, by: answer.by, at: answer.at };
    },
    annotate(name, value) {
      if (!isAnnotationName(name)) {
        throw new Error(
          `“${name}” is no name for an annotation: letters, digits and _, and none of the engine’s.`,
        );
      }
      void ask({ kind: 'annotation', name, value: JSON.stringify(value), ordinal: ++annotations }).catch(
        () => {},
      );
    },
    report(message) {
      // not awaited by the workflow; a refusal would be the engine's own trouble, which it reports itself
      void ask({ kind: 'report', message, ordinal: ++reports }).catch(() => {});
    },
  };
}
