import { FileError } from '../files/remote-files.ts';
import { optionsOf, unknownUse, type Call, type Tools } from './tool.ts';

/** Content of the files, or of standard input where there are none; null where one is missing, which is said. */
function contentOf({ shell, io }: Call, name: string, paths: readonly string[]): string | null {
  if (paths.length === 0) return io.input.rest();
  let text = '';
  for (const path of paths) {
    try {
      text += shell.world.read(shell, path).rest();
    } catch (thrown) {
      if (!(thrown instanceof FileError)) throw thrown;
      io.errors.write(`${name}: ${path}: ${thrown.problem}\n`);
      return null;
    }
  }
  return text;
}

const linesOf = (text: string): string[] => {
  const lines = text.split('\n');
  if (lines.at(-1) === '') lines.pop();
  return lines;
};

/** A basic regular expression as one of JavaScript: groups and braces have a backslash there. */
const basic = (pattern: string): string =>
  pattern.replaceAll(
    /\\([(){}])|([(){}+?|])/g,
    (_, special?: string, plain?: string) => special ?? `\\${plain ?? ''}`,
  );

function sed(call: Call): number {
  const args = [...call.args];
  const quiet = args[0] === '-n';
  if (quiet) args.shift();
  const [script = '', ...paths] = args;
  const parts = /^s(.)(.*?[^\\]|)\1(.*?)\1(p?)$/s.exec(script);
  if (parts === null) throw unknownUse('sed', call.args);
  const [, , pattern = '', replacement = '', print] = parts;
  const text = contentOf(call, 'sed', paths);
  if (text === null) return 2;
  const expression = new RegExp(basic(pattern));
  const into = replacement
    .replaceAll('$', '$$$$')
    .replaceAll(/\\(\d)/g, '$$$1')
    .replaceAll('&', '$$&');
  const out: string[] = [];
  for (const line of linesOf(text)) {
    const changed = expression.test(line);
    const result = line.replace(expression, into);
    if (!quiet) out.push(result);
    if (print === 'p' && changed) out.push(result);
  }
  // a last line without a line break stays so
  const ending = text.endsWith('\n') || out.length === 0 ? '' : 'cut';
  call.io.output.write(
    out
      .map((line) => `${line}\n`)
      .join('')
      .slice(0, ending === 'cut' ? -1 : undefined),
  );
  return 0;
}

function grep(call: Call): number {
  const { options, operands } = optionsOf(call.args);
  const [pattern = '', ...paths] = operands;
  const text = contentOf(call, 'grep', paths);
  if (text === null) return 2;
  const expression = new RegExp(options.has('x') ? `^(?:${basic(pattern)})$` : basic(pattern));
  const found = linesOf(text).filter((line) => expression.test(line) !== options.has('v'));
  if (!options.has('q')) call.io.output.write(found.map((line) => `${line}\n`).join(''));
  return found.length > 0 ? 0 : 1;
}

function wc(call: Call): number {
  const { options, operands } = optionsOf(call.args);
  const text = contentOf(call, 'wc', operands);
  if (text === null) return 1;
  let count = 0;
  if (options.has('l')) for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) count++;
  else count = Buffer.byteLength(text);
  call.io.output.write(`${count}\n`);
  return 0;
}

/** `-n 5`, `-n5`, `-c 10`, `-5` and the files. */
function countOf(call: Call, name: string): { unit: 'lines' | 'bytes'; count: number; paths: string[] } {
  const args = [...call.args];
  const [first = ''] = args;
  const parts = /^-([nc]?)(\d*)$/.exec(first);
  if (parts === null) return { unit: 'lines', count: 10, paths: args };
  args.shift();
  const count = parts[2] === '' ? args.shift() : parts[2];
  if (count === undefined || !/^\d+$/.test(count)) throw unknownUse(name, call.args);
  return { unit: parts[1] === 'c' ? 'bytes' : 'lines', count: Number(count), paths: args };
}

const cut = (lines: readonly string[]): string => lines.map((line) => `${line}\n`).join('');

/** Commands that read text and print text. */
export const textTools: Tools = {
  sed,
  grep,
  wc,
  cat(call) {
    const text = contentOf(call, 'cat', call.args);
    if (text === null) return 1;
    call.io.output.write(text);
    return 0;
  },
  dd(call) {
    const values = new Map(call.args.map((arg) => arg.split('=') as [string, string]));
    const size = Number(values.get('bs')) * Number(values.get('count'));
    if (!Number.isSafeInteger(size)) throw unknownUse('dd', call.args);
    call.io.output.write(call.io.input.rest().slice(0, size));
    return 0;
  },
  tail(call) {
    const [, from] = /^\+(\d+)$/.exec(call.args[1] ?? '') ?? [];
    if (call.args[0] === '-c' && from !== undefined) {
      const all = contentOf(call, 'tail', call.args.slice(2));
      if (all === null) return 1;
      call.io.output.write(
        Buffer.from(all)
          .subarray(Number(from) - 1)
          .toString(),
      );
      return 0;
    }
    const { unit, count, paths } = countOf(call, 'tail');
    const text = contentOf(call, 'tail', paths);
    if (text === null) return 1;
    if (unit === 'lines') call.io.output.write(count === 0 ? '' : cut(linesOf(text).slice(-count)));
    else call.io.output.write(count === 0 ? '' : Buffer.from(text).subarray(-count).toString());
    return 0;
  },
  head(call) {
    const { unit, count, paths } = countOf(call, 'head');
    const text = contentOf(call, 'head', paths);
    if (text === null) return 1;
    if (unit === 'lines') call.io.output.write(cut(linesOf(text).slice(0, count)));
    else call.io.output.write(Buffer.from(text).subarray(0, count).toString());
    return 0;
  },
  tr(call) {
    const [option, set = ''] = call.args;
    if (option === '\\000' && set === '\\n' && call.args.length === 2) {
      call.io.output.write(call.io.input.rest().replaceAll('\0', '\n'));
      return 0;
    }
    if (option !== '-d' || call.args.length !== 2) throw unknownUse('tr', call.args);
    call.io.output.write([...call.io.input.rest()].filter((c) => !set.includes(c)).join(''));
    return 0;
  },
};
