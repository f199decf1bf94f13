import { shellQuote } from '../shell/quote.ts';

const files = [
  '.bashrc',
  '.bash_profile',
  '.profile',
  '.zshenv',
  '.zshrc',
  '.cshrc',
  '.tcshrc',
  '.config/fish/config.fish',
].map((name) => `"$HOME/${name}"`);

/**
 * Looks for the lines of login scripts that print: those with a piece of what was printed, else those with a command
 * that prints. Output: `file:line:text`.
 */
export function findNoiseScript(noise: string): string {
  const pieces = noise
    .split('\n')
    .map((line) => line.replaceAll(/[^\x20-\x7e]/g, '').trim())
    .filter((line) => line.length >= 4)
    .slice(0, 3);
  const exact = pieces.map((piece) => `-e ${shellQuote(piece)}`).join(' ');
  const guess = `grep -nE '^[^#]*(echo|printf|cat |figlet|fortune|neofetch|module (list|avail)|motd)' ${files.join(' ')} /dev/null 2>/dev/null | head -n 3`;
  if (pieces.length === 0) return guess;
  return `found=$(grep -nF ${exact} ${files.join(' ')} /dev/null 2>/dev/null | head -n 3)
if [ -n "$found" ]; then printf '%s\\n' "$found"; else ${guess}; fi`;
}

/** What to do about it, with the lines that were found. */
export function noiseHint(found: string): string {
  const lines = found
    .split('\n')
    .map((line) => /^(.+?):(\d+):(.*)$/.exec(line))
    .filter((line) => line !== null)
    .map(([, file = '', line = '', text = '']) => `${file}, line ${line}: ${text.trim()}`);
  const where = lines.length === 0 ? '' : ` It is printed by ${lines.join('; ')}.`;
  return (
    `Stemma copes with this text, other programs do not.${where} ` +
    'Put this before it in ~/.bashrc, so that only a person sees it: case $- in *i*) ;; *) return;; esac'
  );
}
