import { data, defineWorkflow, type Step } from '#shared/plugin/index.ts';
import { plus } from './program-workflow.ts';

const made = (run: (step: Step) => Promise<void>) =>
  defineWorkflow({
    id: 'test.changing',
    label: 'Changing',
    summary: 'For tests.',
    version: '1',
    inputs: {},
    outputs: {},
    async run(step) {
      await run(step);
      return {};
    },
  });

const add = async (step: Step, label: string, n: number): Promise<void> => {
  await step.call(label, plus, { value: data.int(1), n: data.int(n) });
};

/** The same workflow as it was, and as somebody changed it, by the name of the export. */
export const versions = {
  first: made(async (step) => {
    await add(step, 'one', 1);
    await add(step, 'two', 2);
    await step.sleep('rest', 60_000);
    await add(step, 'three', 3);
  }),
  otherInput: made(async (step) => {
    await add(step, 'one', 1);
    await add(step, 'two', 22);
    await step.sleep('rest', 60_000);
  }),
  leftOut: made(async (step) => {
    await add(step, 'two', 2);
    await step.sleep('rest', 60_000);
    await add(step, 'three', 3);
  }),
  endsAtOnce: made(async () => {}),
  throws: made(async () => {
    throw new Error('the new code is wrong');
  }),
  together: made(async (step) => {
    await Promise.all([step.sleep('short', 60_000), step.sleep('long', 120_000)]);
    await add(step, 'last', 1);
  }),
  withoutTheShort: made(async (step) => {
    await step.sleep('long', 120_000);
    await add(step, 'last', 1);
  }),
  onlyLater: made(async (step) => {
    await add(step, 'one', 1);
    await add(step, 'two', 2);
    await step.sleep('rest', 60_000);
    await add(step, 'three', 33);
    await add(step, 'four', 4);
  }),
} as const;
