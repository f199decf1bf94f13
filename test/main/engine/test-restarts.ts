import { arithmeticAdd } from '#main/plugins/builtin/index.ts';
import { data, defineCalculationFunction, defineRestart, port } from '#shared/plugin/index.ts';

const common = { label: 'Test', summary: 'For tests.', version: '1' } as const;

/** A result that is good in itself and not good enough: one more is added until it is 5 or more. */
export const untilFive = defineRestart({
  ...common,
  id: 'test.until-five',
  process: arithmeticAdd,
  namespace: 'add',
  policy: { goal: port.int({ defaultValue: 5 }) },
  handlers: [
    {
      name: 'not_enough',
      exitCodes: [0],
      handle({ outcome, inputs, policy }) {
        const sum = Number(outcome.outputs['sum']?.attributes['value']);
        if (sum >= policy.goal.value) return 'not mine';
        const x = inputs.x.value + 1;
        return { action: 'change', says: `${sum} is not enough`, inputs: { x: data.int(x) } };
      },
    },
    {
      name: 'unreadable',
      exitCodes: [320],
      priority: 5,
      enabled: false,
      handle: () => ({
        action: 'give-up',
        says: 'There is nothing to read.',
        exit: 'ERROR_NOTHING',
        values: { what: 'the sum' },
      }),
    },
  ],
  exitCodes: { ERROR_NOTHING: { status: 420, message: 'Without {what} it is of no use.' } },
});

export const breaks = defineCalculationFunction({
  ...common,
  id: 'test.breaks',
  inputs: { x: port.int() },
  outputs: {},
  run: () => {
    throw new Error('a defect');
  },
});

export const breaking = defineRestart({
  ...common,
  id: 'test.breaking',
  process: breaks,
  namespace: 'breaks',
  handlers: [],
});
