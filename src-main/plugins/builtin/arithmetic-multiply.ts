import { data, defineCalculationFunction, port } from '#shared/plugin/index.ts';

/** Multiplies two numbers here, without a job. */
export const arithmeticMultiply = defineCalculationFunction({
  id: 'core.arithmetic.multiply',
  label: 'multiply',
  summary: 'Multiplies two numbers on this machine.',
  version: '1.0.0',
  inputs: {
    x: port.number({ help: 'The left factor.' }),
    y: port.number({ help: 'The right factor.' }),
  },
  outputs: { result: port.number({ help: 'The product.' }) },
  run: ({ x, y }) => ({ result: data.number(x.value * y.value) }),
});
