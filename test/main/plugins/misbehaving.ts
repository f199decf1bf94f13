import {
  data,
  defineCalculationFunction,
  defineCalculationJob,
  defineWorkflow,
  Exit,
  port,
} from '#shared/plugin/index.ts';

const common = { label: 'x', summary: 'For tests.', version: '1' } as const;
const outputs = { out: port.int() };
const number = { n: port.int() };

export const throws = defineCalculationFunction({
  ...common,
  id: 'test.throws',
  inputs: {},
  outputs,
  run() {
    throw new TypeError('the plugin has a defect');
  },
});

export const neverReturns = defineCalculationFunction({
  ...common,
  id: 'test.never-returns',
  inputs: {},
  outputs,
  run() {
    for (;;);
  },
});

export const neverResolves = defineCalculationFunction({
  ...common,
  id: 'test.never-resolves',
  inputs: {},
  outputs,
  run: () => new Promise<never>(() => {}),
});

export const eatsMemory = defineCalculationFunction({
  ...common,
  id: 'test.eats-memory',
  inputs: {},
  outputs,
  run() {
    const hoard: number[][] = [];
    // in large pieces: it must be over before it has taken long
    for (;;) hoard.push(Array.from<number>({ length: 1_000_000 }).fill(1));
  },
});

export const returnsNonsense = defineCalculationFunction({
  ...common,
  id: 'test.returns-nonsense',
  inputs: {},
  outputs,
  run: () => ({ out: 5 as never }),
});

export const exits = defineCalculationFunction({
  ...common,
  id: 'test.exits',
  inputs: number,
  outputs,
  exitCodes: { ERROR_TOO_LARGE: { status: 401, message: '{n} is too large.' } },
  run({ n }) {
    throw new Exit('ERROR_TOO_LARGE', { n: n.value });
  },
});

export const environment = defineCalculationFunction({
  ...common,
  id: 'test.environment',
  inputs: {},
  outputs,
  run: () => ({ out: data.int(Object.keys(process.env).length) }),
});

export const reads = defineCalculationFunction({
  ...common,
  id: 'test.reads',
  inputs: { file: port.file() },
  outputs,
  run: async ({ file }) => ({ out: data.int((await file.files.text(file.filename)).length) }),
});

export const badPath = defineCalculationJob({
  ...common,
  id: 'test.bad-path',
  inputs: { code: port.code() },
  outputs,
  prepare: ({ code }) => ({ files: { '../escape': 'x' }, runs: [{ code }], retrieve: [] }),
  parse: () => ({}),
});

/** Takes as many steps as it is told, one after the other. */
export const counts = defineWorkflow({
  ...common,
  id: 'test.counts',
  inputs: number,
  outputs,
  async run(step, { n }) {
    let last = n;
    for (let i = 0; i < n.value; i++) {
      const { outputs: made } = await step.call(`step_${i}`, exits, { n });
      last = made['out'] as typeof n;
    }
    return { out: last };
  },
});

export const spins = defineWorkflow({
  ...common,
  id: 'test.spins',
  inputs: {},
  outputs,
  async run(step) {
    await step.now('start');
    for (;;);
  },
});

export const sameLabel = defineWorkflow({
  ...common,
  id: 'test.same-label',
  inputs: {},
  outputs,
  async run(step) {
    await step.now('a');
    await step.now('a');
    return {};
  },
});
