import type { Option } from '#renderer/design/option.ts';
import { plural } from '#renderer/model/count-words.ts';

/** What the list of a profile's groups says of each. */
interface Listed {
  readonly label: string;
  readonly typeString: string;
  readonly count: number;
}

/** Groups that an import adds to by their label, the first where both have it (`import/merge-groups.ts`). */
const types = ['core', 'core.import'];

/** One for each label: labels are unique within a type of groups only. */
export function groupOptions(groups: readonly Listed[]): readonly Option[] {
  const byLabel = new Map<string, Option>();
  for (const type of types) {
    for (const { label, typeString, count } of groups) {
      if (typeString !== type || byLabel.has(label)) continue;
      byLabel.set(label, { value: label, label, hint: plural(count, 'node', 'nodes') });
    }
  }
  return [...byLabel.values()];
}
