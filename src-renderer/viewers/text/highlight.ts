import type { Token } from '#renderer/design/code/segments.ts';

type Highlighter = (line: string) => readonly Token[];

/** What a named group of the pattern looks like. */
function byGroups(pattern: RegExp): Highlighter {
  return (line) => {
    const tokens: Token[] = [];
    for (const match of line.matchAll(pattern)) {
      const look = Object.entries(match.groups ?? {}).find(([, text]) => text !== undefined)?.[0];
      if (look !== undefined) tokens.push({ start: match.index, end: match.index + match[0].length, look });
    }
    return tokens;
  };
}

// Line by line and without state: right for almost every line, and never slow on a file of a million.
const json = byGroups(
  /(?<key>"(?:[^"\\]|\\.)*"(?=\s*:))|(?<string>"(?:[^"\\]|\\.)*")|(?<number>-?\b\d+(?:\.\d+)?(?:[eE][+-]?\d+)?\b)|(?<word>\b(?:true|false|null)\b)/g,
);
const shell = byGroups(
  /(?<comment>(?:^|\s)#.*$)|(?<string>"(?:[^"\\]|\\.)*"|'[^']*')|(?<key>\$\{?\w+\}?)|(?<word>\b(?:if|then|else|fi|for|do|done|while|case|esac|export|module|source|set|exit)\b)/g,
);
const fortran = byGroups(
  /(?<comment>!.*$)|(?<word>^\s*&\w+|^\s*\/\s*$)|(?<string>'[^']*'|"[^"]*")|(?<key>\b[A-Za-z]\w*(?:\([^)]*\))?(?=\s*=))|(?<number>(?<![\w.])[-+]?\d+(?:\.\d*)?(?:[eEdD][-+]?\d+)?(?![\w.]))/g,
);

const byEnding: readonly (readonly [RegExp, Highlighter])[] = [
  [/\.(json|ipynb|geojson)$/i, json],
  [/\.(sh|bash|slurm|sbatch)$/i, shell],
  [/\.(in|nml|inp|win)$/i, fortran],
];

/** The highlighter for a file of that name; null where plain text is best. */
export const highlighterOf = (name: string): Highlighter | null =>
  byEnding.find(([ending]) => ending.test(name))?.[1] ?? null;
