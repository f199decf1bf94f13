/** The workflow of the comparison with AiiDA; test/bench/aiida/bench_aiida.py has the same one. */
import { arithmeticMultiply } from '#main/plugins/builtin/arithmetic-multiply.ts';
import { defineWorkflow, port, type DataValue } from '#shared/plugin/index.ts';

export const chainOfMultiplications = defineWorkflow({
  id: 'bench.chain',
  label: 'ChainOfMultiplications',
  summary: 'Multiplies by 2 so many times, one calculation function after the other.',
  version: '1.0.0',
  inputs: {
    start: port.number({ help: 'What is multiplied.' }),
    two: port.number({ help: 'The factor.' }),
    steps: port.number({ help: 'How many times.' }),
  },
  outputs: { result: port.number({ help: 'start · two^steps' }) },
  async run(step, { start, two, steps }) {
    let result: DataValue = start;
    for (let done = 0; done < steps.value; done++) {
      const { outputs } = await step.call(`multiply ${done}`, arithmeticMultiply, { x: result, y: two });
      const product = outputs['result'];
      if (product !== undefined) result = product;
    }
    return { result };
  },
});
