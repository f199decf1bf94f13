import { plural } from '#renderer/model/count-words.ts';

const kinds: Readonly<Record<string, string>> = {
  core: 'made by a person',
  'core.import': 'from an import',
  'core.auto': 'made by a program',
};

/** What a group is for, by the type that AiiDA gives it; a plugin's own types are shown as they are. */
export const groupKind = (typeString: string): string => kinds[typeString] ?? typeString;

const nodes = (count: number): string => plural(count, 'node', 'nodes');

/** @param changed how many of the `asked` were not in the group before */
export function addedWords(label: string, asked: number, changed: number): string {
  if (changed === 0) {
    return asked === 1
      ? `The node is in “${label}” already.`
      : `All ${nodes(asked)} are in “${label}” already.`;
  }
  const there = asked - changed;
  const rest = there === 0 ? '' : ` ${there === 1 ? 'One was' : `${there} were`} in it already.`;
  return `${nodes(changed)} added to “${label}”.${rest}`;
}

/** The nodes themselves stay. @param changed how many were in the group */
export const removedWords = (label: string, changed: number): string =>
  `${nodes(changed)} taken out of “${label}”.`;
