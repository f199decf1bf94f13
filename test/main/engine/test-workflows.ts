import { arithmeticAdd } from '#main/plugins/builtin/index.ts';
import {
  data,
  defineCalculationFunction,
  defineWorkflow,
  Exit,
  namespace,
  optional,
  port,
  type DataValue,
} from '#shared/plugin/index.ts';

const common = { label: 'Test', summary: 'For tests.', version: '1' } as const;

export const wrongOutput = defineCalculationFunction({
  ...common,
  id: 'test.wrong-output',
  inputs: {},
  outputs: { number: port.int() },
  run: () => ({ number: data.str('text') }),
});

export const sum = defineCalculationFunction({
  ...common,
  id: 'test.sum',
  inputs: { a: port.int(), b: port.int() },
  outputs: { sum: port.int() },
  run: ({ a, b }) => ({ sum: data.int(a.value + b.value) }),
});

export const difference = defineCalculationFunction({
  ...common,
  id: 'test.difference',
  inputs: { a: port.int(), b: port.int() },
  outputs: { sum: port.int() },
  run: ({ a, b }) => ({ sum: data.int(a.value - b.value) }),
});

export const keys = defineCalculationFunction({
  ...common,
  id: 'test.keys',
  inputs: { dictionary: port.dict() },
  outputs: { count: port.int() },
  run: ({ dictionary }) => ({ count: data.int(Object.keys(dictionary.value).length) }),
});

export const size = defineCalculationFunction({
  ...common,
  id: 'test.size',
  inputs: { file: port.file() },
  outputs: { size: port.int() },
  run: async ({ file }) => ({ size: data.int((await file.files.bytes(file.filename)).length) }),
});

export const failing = defineCalculationFunction({
  ...common,
  id: 'test.failing',
  inputs: { status: port.int() },
  outputs: {},
  exitCodes: {
    ERROR_OF_THE_MOMENT: { status: 300, message: 'It may go better next time.' },
    ERROR_OF_THE_INPUT: { status: 301, message: 'It never goes better.', invalidatesCache: false },
  },
  run: ({ status }) => {
    throw new Exit(status.value === 300 ? 'ERROR_OF_THE_MOMENT' : 'ERROR_OF_THE_INPUT');
  },
});

/** With defaults and limits, one of them in a namespace that need not be given. */
export const scaled = defineCalculationFunction({
  ...common,
  id: 'test.scaled',
  inputs: {
    value: port.int(),
    factor: port.int({ defaultValue: 3, minimum: 1, maximum: 10, unit: 'm' }),
    more: namespace({ offset: port.float({ defaultValue: 0.5 }), name: optional(port.str()) }),
  },
  outputs: { result: port.float() },
  run: ({ value, factor, more }) => ({ result: data.float(value.value * factor.value + more.offset.value) }),
});

/** Gives what it is given to one step, and no more. */
export const scaling = defineWorkflow({
  ...common,
  id: 'test.scaling',
  inputs: { value: optional(port.int()), factor: optional(port.int()), name: optional(port.str()) },
  outputs: { result: port.float() },
  exitCodes: { ERROR_REFUSED: { status: 400, message: '{why}' } },
  async run(step, { value, factor, name }) {
    const inputs = { value, factor, more: { name }, ...(name?.value === 'wrong' ? { colour: name } : {}) };
    try {
      return { result: (await step.call('scaled', scaled, inputs)).outputs['result'] };
    } catch (error) {
      throw new Exit('ERROR_REFUSED', { why: (error as Error).message });
    }
  },
});

/** One step that may be taken from the cache, and one that may not. */
export const choosing = defineWorkflow({
  ...common,
  id: 'test.choosing',
  inputs: { number: port.int() },
  outputs: {},
  async run(step, { number }) {
    await step.call('cached', sum, { a: number, b: data.int(10) }, { caching: 'yes' });
    await step.call('fresh', sum, { a: number, b: data.int(20) }, { caching: 'no' });
    return {};
  },
});

/** n jobs at once, then their results added up one after the other. */
export const fanOut = defineWorkflow({
  ...common,
  id: 'test.fan-out',
  inputs: { code: port.code(), n: port.int() },
  outputs: { total: port.int() },
  async run(step, { code, n }) {
    const jobs = await Promise.all(
      Array.from({ length: n.value }, (_, i) =>
        step.call(`job_${i}`, arithmeticAdd, { code, x: data.int(i), y: data.int(10) }),
      ),
    );
    let total: DataValue | undefined;
    for (const [i, { outputs }] of jobs.entries()) {
      const next = outputs['sum'] as DataValue;
      if (total === undefined) total = next;
      else total = (await step.call(`sum_${i}`, sum, { a: total, b: next })).outputs['sum'];
    }
    return { total };
  },
});

/** Asks a person whether to go on, and says who answered. */
export const asking = defineWorkflow({
  ...common,
  id: 'test.asking',
  inputs: { a: port.int() },
  outputs: { result: port.int() },
  exitCodes: { ERROR_STOPPED: { status: 400, message: '{by} stopped it.' } },
  async run(step, { a }) {
    step.annotate('progress', { asked: 1 });
    const { choice, by } = await step.ask('go_on', {
      question: `Is ${a.value} enough?`,
      facts: { a: a.value },
      choices: { more: { label: 'Add one', help: 'One more.' }, stop: 'Stop' },
    });
    step.annotate('progress', { asked: 1, choice });
    if (choice === 'stop') throw new Exit('ERROR_STOPPED', { by });
    const { outputs } = await step.call('more', sum, { a, b: data.int(1) });
    return { result: outputs['sum'] };
  },
});

/** Calls a workflow that asks. */
export const above = defineWorkflow({
  ...common,
  id: 'test.above',
  inputs: { a: port.int() },
  outputs: { result: port.int() },
  async run(step, { a }) {
    const { outputs } = await step.call('below', asking, { a });
    return { result: outputs['result'] };
  },
});

export const badStep = defineWorkflow({
  ...common,
  id: 'test.bad-step',
  inputs: {},
  outputs: {},
  async run(step) {
    const { spec } = sum;
    await step.call('nothing', { spec: { ...spec, id: 'test.not-there' } }, { a: data.int(1) });
    return {};
  },
});
