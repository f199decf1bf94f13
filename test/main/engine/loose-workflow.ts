import { arithmeticAdd } from '#main/plugins/builtin/index.ts';
import { data, defineCalculationFunction, defineWorkflow, optional, port } from '#shared/plugin/index.ts';
import { plus } from './program-workflow.ts';

const common = { label: 'Loose', summary: 'For tests.', version: '1', outputs: {} } as const;

/** Ends without waiting for its step. */
export const loose = defineWorkflow({
  ...common,
  id: 'test.loose',
  inputs: { code: port.code() },
  async run(step, { code }) {
    void step.call('loose', arithmeticAdd, { code, x: data.int(1), y: data.int(2) });
    return {};
  },
});

export const twice = defineWorkflow({
  ...common,
  id: 'test.twice',
  inputs: { how: port.str() },
  async run(step, { how }) {
    const call = (n: number) => step.call('same', plus, { value: data.int(1), n: data.int(n) });
    if (how.value === 'the same input at the same time') {
      await Promise.all([call(1), call(1)]);
      return {};
    }
    await call(1);
    await call(how.value === 'another input' ? 2 : 1);
    return {};
  },
});

export const taking = defineCalculationFunction({
  ...common,
  id: 'test.taking',
  inputs: { file: port.file() },
  run: () => ({}),
});

/** Returns what its specification does not allow. */
export const returning = defineWorkflow({
  ...common,
  id: 'test.returning',
  inputs: { as: port.str(), value: port.int() },
  outputs: { text: optional(port.str()), number: optional(port.int()) },
  run: (_, { as, value }) => Promise.resolve({ number: value, [as.value]: value }),
});

/** Gives a file that it makes to a step, and then runs a job. */
export const giving = defineWorkflow({
  ...common,
  id: 'test.giving',
  inputs: { code: port.code() },
  async run(step, { code }) {
    await step.call('take', taking, { file: data.file('text.txt', 'a text of its own') });
    await step.call('job', arithmeticAdd, { code, x: data.int(1), y: data.int(2) });
    return {};
  },
});
