import { arithmeticAdd } from '#main/plugins/builtin/index.ts';
import {
  data,
  defineCalculationFunction,
  defineWorkflow,
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
