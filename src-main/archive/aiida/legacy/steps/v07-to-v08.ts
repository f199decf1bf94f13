import type { Step } from '../step.ts';

/** The one output of a function has another label. */
export const v07ToV08: Step = {
  from: '0.7',
  link: (link) => (link.label === '_return' ? { ...link, label: 'result' } : link),
};
