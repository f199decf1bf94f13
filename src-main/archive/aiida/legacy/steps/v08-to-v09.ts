import type { Step } from '../step.ts';

/** Types of groups become names of entry points. */
export const v08ToV09: Step = {
  from: '0.8',
  group: (row) =>
    row.mapped('type_string', {
      user: 'core',
      'data.upf': 'core.upf',
      'auto.import': 'core.import',
      'auto.run': 'core.auto',
    }),
};
