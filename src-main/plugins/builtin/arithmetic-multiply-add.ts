import { defineWorkflow, Exit, port } from '#shared/plugin/index.ts';
import { arithmeticAdd } from './arithmetic-add.ts';
import { arithmeticMultiply } from './arithmetic-multiply.ts';

/** x · y + z. The addition is a job, and is left out where there is nothing to add. */
export const arithmeticMultiplyAdd = defineWorkflow({
  id: 'core.arithmetic.multiply_add',
  label: 'MultiplyAddWorkChain',
  summary: 'Multiplies two numbers here and adds a third one in a job.',
  version: '1.0.0',
  inputs: {
    x: port.number({ help: 'The left factor.' }),
    y: port.number({ help: 'The right factor.' }),
    z: port.number({ help: 'What is added to the product.' }),
    code: port.code({ help: 'A bash on the computer where the addition runs.' }),
  },
  outputs: { result: port.number({ help: 'x · y + z' }) },
  exitCodes: {
    ERROR_NEGATIVE_NUMBER: { status: 400, message: 'The result is {value}, which is negative.' },
  },

  async run(step, { x, y, z, code }) {
    const { outputs } = await step.call('multiply', arithmeticMultiply, { x, y });
    let result = outputs['result'];
    if (z.value !== 0) {
      const added = await step.call('add', arithmeticAdd, { x: result, y: z, code });
      result = added.outputs['sum'];
    }
    const value = Number(result?.attributes['value']);
    step.report(`${x.value} · ${y.value} + ${z.value} = ${value}`);
    if (value < 0) throw new Exit('ERROR_NEGATIVE_NUMBER', { value });
    return { result };
  },
});
