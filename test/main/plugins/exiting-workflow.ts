import { defineWorkflow, Exit } from '#shared/plugin/index.ts';

export const exits = defineWorkflow({
  id: 'test.exiting',
  label: 'Exiting',
  summary: 'For tests.',
  version: '1',
  inputs: {},
  outputs: {},
  exitCodes: { OVER: { status: 410, message: 'It is over.' } },
  run: () => Promise.reject(new Exit('OVER')),
});
