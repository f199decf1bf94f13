import {
  data,
  defineCalculationFunction,
  defineWorkflow,
  Exit,
  optional,
  port,
} from '#shared/plugin/index.ts';

const common = { summary: 'For tests.', version: '1' } as const;

/** Fails while the tolerance is below 10. */
export const scf = defineCalculationFunction({
  ...common,
  id: 'test.scf',
  label: 'Scf',
  inputs: { structure: port.int(), tolerance: port.int(), noise: optional(port.float()) },
  outputs: { energy: port.int() },
  exitCodes: { NOT_CONVERGED: { status: 410, message: 'It did not converge.' } },
  run({ structure, tolerance }) {
    if (tolerance.value < 10) throw new Exit('NOT_CONVERGED');
    return { energy: data.int(structure.value * 100) };
  },
});

export const shift = defineCalculationFunction({
  ...common,
  id: 'test.shift',
  label: 'Shift',
  inputs: { structure: port.int(), by: port.int(), noise: optional(port.float()) },
  outputs: { structure: port.int() },
  run: ({ structure, by }) => ({ structure: data.int(structure.value + by.value) }),
});

/** A sub-workflow whose first step goes well and whose second one hangs on the tolerance. */
export const relax = defineWorkflow({
  ...common,
  id: 'test.relax',
  label: 'Relax',
  inputs: { structure: port.int(), tolerance: port.int() },
  outputs: { structure: port.int() },
  async run(step, { structure, tolerance }) {
    const noise = data.float(await step.random('noise'));
    const guess = await step.call('guess', shift, { structure, by: data.int(1), noise });
    await step.sleep('rest', 5);
    const inner = await step.call('scf', scf, { structure: guess.outputs['structure'], tolerance });
    step.report(`energy ${String(inner.outputs['energy']?.attributes['value'])}`);
    return { structure: guess.outputs['structure'] };
  },
});

/** Prepares, relaxes, and takes the energy. */
export const bands = defineWorkflow({
  ...common,
  id: 'test.bands',
  label: 'Bands',
  inputs: { structure: port.int(), tolerance: port.int(), shift: port.int() },
  outputs: { energy: port.int() },
  async run(step, { structure, tolerance, shift: by }) {
    const [prepared] = await Promise.all([
      step.call('prepare', shift, { structure, by }),
      step.call('aside', shift, { structure, by: data.int(7) }),
    ]);
    const relaxed = await step.call('relax', relax, {
      structure: prepared.outputs['structure'],
      tolerance,
    });
    const last = await step.call('energy', scf, {
      structure: relaxed.outputs['structure'],
      tolerance: data.int(99),
    });
    return { energy: last.outputs['energy'] };
  },
});
