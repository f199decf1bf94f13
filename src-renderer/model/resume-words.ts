import type { ResumePlan, ResumeStep } from '#shared/contract/areas/launch.ts';
import { plural } from './count-words.ts';

export const verdictWords: Readonly<Record<ResumeStep['verdict'], string>> = {
  reused: 're-used',
  again: 'runs again',
  later: 'comes later',
};

/** What a resumed run would do, in a sentence. */
export function planWords({ reused, again, later }: ResumePlan): string {
  if (reused + again + later === 0) return 'The former run recorded no steps: everything runs.';
  if (again + later === 0) {
    return `${plural(reused, 'step is', 'steps are')} re-used and nothing runs: it ends as the former run did, unless an input is changed.`;
  }
  const parts = [
    reused === 0 ? 'Nothing is re-used' : `${plural(reused, 'step is', 'steps are')} re-used`,
    again === 0 ? '' : `${plural(again, 'runs', 'run')} again`,
    later === 0 ? '' : `${plural(later, 'comes', 'come')} later`,
  ];
  return `${parts.filter((part) => part !== '').join(', ')}.`;
}
