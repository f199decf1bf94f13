import type { Step } from '../step.ts';

/** The step before had forgotten the transports. */
export const v12ToV13: Step = {
  from: '0.12',
  computer: (row) => row.mapped('transport_type', { local: 'core.local', ssh: 'core.ssh' }),
};
