import { arithmeticAdd } from '#main/plugins/builtin/index.ts';
import {
  data,
  defineCalculationFunction,
  defineWorkflow,
  Exit,
  optional,
  port,
  type DataValue,
  type NumberValue,
  type ProcessDefinition,
  type Step,
} from '#shared/plugin/index.ts';
import type { Program } from './program.ts';

const common = { label: 'Program', summary: 'For tests.', version: '1' } as const;

export const plus = defineCalculationFunction({
  ...common,
  id: 'test.plus',
  inputs: { value: port.number(), n: port.number(), noise: optional(port.number()) },
  outputs: { sum: port.number() },
  run: ({ value, n }) => ({ sum: data.number(value.value + n.value) }),
});

export const failing = defineCalculationFunction({
  ...common,
  id: 'test.failing',
  inputs: { value: port.number() },
  outputs: {},
  exitCodes: { NEVER_GOOD: { status: 410, message: 'It never goes well.' } },
  run: () => {
    throw new Exit('NEVER_GOOD');
  },
});

export const writing = defineCalculationFunction({
  ...common,
  id: 'test.writing',
  inputs: { text: port.str() },
  outputs: { file: port.file() },
  run: ({ text }) => ({ file: data.file('text.txt', text.value) }),
});

type Value = DataValue;
interface World {
  readonly step: Step;
  readonly code: DataValue;
}

const numberOf = (value: Value): number => (value as NumberValue).value;
const words = (error: unknown): string => (error instanceof Error ? error.message : String(error));

async function run(world: World, program: Program, at: string, value: Value): Promise<Value> {
  const { step, code } = world;
  const only = (outputs: Readonly<Record<string, DataValue>>): Value => outputs['sum'] as Value;
  switch (program.do) {
    case 'add':
      return only((await step.call(at, plus, { value, n: data.int(program.n) })).outputs);
    case 'job': {
      const x = data.int(numberOf(value));
      return only((await step.call(at, arithmeticAdd, { code, x, y: data.int(program.n) })).outputs);
    }
    case 'fail':
      return only((await step.call(at, failing, { value })).outputs);
    case 'refused':
      return only((await step.call(at, plus, { value })).outputs);
    case 'file': {
      const { outputs } = await step.call(at, writing, { text: data.str(program.text) });
      const text = await (outputs['file'] as Value).files.text('text.txt');
      step.report(`${at} read ${text}`);
      return value;
    }
    case 'report':
      step.report(`${at} says ${program.text}`);
      return value;
    case 'sleep':
      await step.sleep(at, program.ms);
      return value;
    case 'now':
    case 'random': {
      const drawn = program.do === 'now' ? await step.now(`${at}_n`) : await step.random(`${at}_r`);
      // would differ after a restart, and so stop the workflow as changed, if it were drawn anew
      const noise = data.float(drawn);
      return only((await step.call(at, plus, { value, n: data.int(0), noise })).outputs);
    }
    case 'sequence': {
      let last = value;
      for (const [i, next] of program.body.entries()) last = await run(world, next, `${at}_${i}`, last);
      return last;
    }
    case 'all': {
      const values = await Promise.all(program.body.map((next, i) => run(world, next, `${at}_${i}`, value)));
      return values.at(-1) ?? value;
    }
    case 'settled': {
      const results = await Promise.allSettled(
        program.body.map((next, i) => run(world, next, `${at}_${i}`, value)),
      );
      const done = results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
      step.report(`${at}: ${results.map(({ status }) => status).join(' ')}`);
      return done.at(-1) ?? value;
    }
    case 'race': {
      const winner = await Promise.race(program.body.map((next, i) => run(world, next, `${at}_${i}`, value)));
      // another winner after a restart would be another input here
      const noise = winner as NumberValue;
      return only((await step.call(at, plus, { value, n: data.int(1), noise })).outputs);
    }
    case 'while': {
      let last = value;
      for (let i = 0; numberOf(last) < numberOf(value) + program.grow; i++) {
        last = await run(world, program.body, `${at}_${i}`, last);
        last = only((await step.call(`${at}_${i}_more`, plus, { value: last, n: data.int(1) })).outputs);
      }
      return last;
    }
    case 'try':
      try {
        return await run(world, program.body, `${at}_t`, value);
      } catch (error) {
        step.report(`${at} caught ${words(error)}`);
        return run(world, program.rescue, `${at}_c`, value);
      }
    case 'sub': {
      const inputs = { code, value, program: data.list([JSON.stringify(program.body)]) };
      const { allowFailure } = program;
      const { ok, outputs } = await step.call(at, interpreter, inputs, { allowFailure });
      return ok ? (outputs['value'] as Value) : value;
    }
  }
}

/** Runs a {@link Program}, which it is given as JSON. */
export const interpreter: ProcessDefinition = defineWorkflow({
  ...common,
  id: 'test.program',
  inputs: { code: port.code(), value: port.number(), program: port.list() },
  outputs: { value: port.number() },
  async run(step, { code, value, program }) {
    const tree = JSON.parse(String(program.value[0])) as Program;
    return { value: await run({ step, code }, tree, 's', value) };
  },
});
