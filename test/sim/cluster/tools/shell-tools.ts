import { step, type Program, type Signal } from '../machines/process.ts';
import { Leave, type Shell } from '../sh/shell.ts';
import { kernelFile } from './kernel-files.ts';
import { unknownUse, type Call, type Tools } from './tool.ts';

const words = (status: string | undefined, shell: Shell): number =>
  status === undefined ? shell.status : Number(status) & 255;

/** `printf`: the format is used again as long as there are arguments. */
export function format(pattern: string, args: readonly string[]): string {
  let out = '';
  let at = 0;
  do {
    const before = at;
    out += pattern.replaceAll(/\\(n|t|\\|0|")|%(s|d|%)/g, (whole, escape?: string, conversion?: string) => {
      if (escape !== undefined) return { n: '\n', t: '\t', '\\': '\\', '0': '\0', '"': '"' }[escape] ?? whole;
      if (conversion === '%') return '%';
      return args[at++] ?? (conversion === 'd' ? '0' : '');
    });
    if (at === before) break;
  } while (at < args.length);
  return out;
}

function test({ shell, args }: Call): boolean {
  const [first = '', second, third] = args;
  if (first === '!' && args.length > 1) return !test({ shell, args: args.slice(1), io: shell.io });
  if (args.length === 0) return false;
  if (args.length === 1) return first !== '';
  if (args.length === 2) return unary(shell, first, second ?? '');
  if (args.length !== 3) throw unknownUse('[', args);
  const [a, b] = [Number(first), Number(third)];
  switch (second) {
    case '=':
      return first === third;
    case '!=':
      return first !== third;
    case '-eq':
      return a === b;
    case '-ne':
      return a !== b;
    case '-lt':
      return a < b;
    case '-le':
      return a <= b;
    case '-gt':
      return a > b;
    case '-ge':
      return a >= b;
    default:
      throw unknownUse('[', args);
  }
}

function unary(shell: Shell, operator: string, operand: string): boolean {
  if (operator === '-n') return operand !== '';
  if (operator === '-z') return operand === '';
  if (kernelFile(shell, operand) !== null) return ['-e', '-f', '-r'].includes(operator);
  const { files } = shell.world;
  const node = files.look(shell.viewer, operand, operator !== '-L' && operator !== '-h');
  switch (operator) {
    case '-e':
    case '-r':
    case '-w':
      return node !== null;
    case '-f':
      return node?.kind === 'file';
    case '-d':
      return node?.kind === 'folder';
    case '-L':
    case '-h':
      return node?.kind === 'link';
    case '-s':
      return node?.kind === 'file' && node.size > 0;
    case '-x':
      return node?.kind === 'folder' || (node?.kind === 'file' && node.executable);
    default:
      throw unknownUse('[', [operator, operand]);
  }
}

function read({ shell, args, io }: Call): number {
  const names = args.filter((arg) => arg !== '-r');
  const line = io.input.line();
  let rest = (line ?? '').replace(/\n$/, '');
  const { separators } = shell;
  for (const [index, name] of names.entries()) {
    if (separators !== '') rest = rest.replace(/^[ \t]+/, '');
    const isLast = index === names.length - 1;
    const end = separators === '' || isLast ? -1 : rest.search(/[ \t]/);
    const value = end < 0 ? rest : rest.slice(0, end);
    rest = end < 0 ? '' : rest.slice(end);
    shell.set(name, isLast && separators !== '' ? value.replace(/[ \t]+$/, '') : value);
  }
  return line?.endsWith('\n') === true ? 0 : 1;
}

function cd({ shell, args, io }: Call): number {
  const path = args.find((arg) => arg !== '--') ?? shell.value('HOME') ?? '/';
  const folder = shell.world.files.folder(shell.viewer, path);
  if (folder === null) {
    io.errors.write(`sh: 1: cd: can't cd to ${path}\n`);
    return 2;
  }
  shell.viewer = { ...shell.viewer, cwd: folder };
  if (shell.isMain) shell.process.cwd = folder;
  return 0;
}

function* kill({ shell, args, io }: Call): Program {
  let signal = 'TERM';
  const operands = [...args];
  if (operands[0] === '-s') [, signal = ''] = operands.splice(0, 2);
  else if (/^-(0|[A-Z]+)$/.test(operands[0] ?? '')) signal = operands.shift()?.slice(1) ?? '';
  if (operands[0] === '--') operands.shift();
  if (signal !== '0') yield step();
  let found = true;
  for (const operand of operands) {
    if (!shell.process.machine.kill(Number(operand), signal as Signal | '0')) {
      io.errors.write('sh: 1: kill: No such process\n');
      found = false;
    }
  }
  return found ? 0 : 1;
}

function* exec({ shell, args, io }: Call): Program {
  if (args.length === 0) {
    shell.io = io;
    return 0;
  }
  // another program in the same process: nothing of the shell is left
  shell.traps.clear();
  for (const signal of shell.process.handled) shell.process.handled.delete(signal);
  const result = shell.world.run(shell, args, io);
  throw new Leave('script', typeof result === 'number' ? result : yield* result);
}

/** What a POSIX shell does itself. */
export const shellTools: Tools = {
  ':': () => 0,
  true: () => 0,
  false: () => 1,
  echo: ({ args, io }) => {
    io.output.write(`${args.join(' ')}\n`);
    return 0;
  },
  printf: ({ args, io }) => {
    const [pattern = '', ...rest] = args[0] === '--' ? args.slice(1) : args;
    io.output.write(format(pattern, rest));
    return 0;
  },
  '[': (call) => {
    if (call.args.at(-1) !== ']') throw unknownUse('[', call.args);
    return test({ ...call, args: call.args.slice(0, -1) }) ? 0 : 1;
  },
  test: (call) => (test(call) ? 0 : 1),
  read,
  cd,
  pwd: ({ shell, io }) => {
    io.output.write(`${shell.viewer.cwd.path || '/'}\n`);
    return 0;
  },
  exit: ({ shell, args }) => {
    throw new Leave('script', words(args[0], shell));
  },
  return: ({ shell, args }) => {
    throw new Leave('function', words(args[0], shell));
  },
  eval: ({ shell, args }) => shell.evaluate(args.join(' ')),
  exec,
  kill,
  set: ({ shell, args }) => {
    if (args[0] === '--') shell.args = args.slice(1);
    else if (args.length > 0 && !/^[-+]/.test(args[0] ?? '')) shell.args = [...args];
    else if (args[0] !== '-m') throw unknownUse('set', args);
    return 0;
  },
  shift: ({ shell, args }) => {
    shell.args = shell.args.slice(Number(args[0] ?? 1));
    return 0;
  },
  export: ({ shell, args }) => {
    for (const arg of args) {
      const [name = '', value] = arg.split(/=(.*)/s);
      if (value !== undefined) shell.set(name, value);
      shell.export(name);
    }
    return 0;
  },
  unset: ({ shell, args }) => {
    for (const name of args) {
      shell.unset(name);
    }
    return 0;
  },
  trap: ({ shell, args }) => {
    const [action = '', ...conditions] = args;
    shell.trap(action, conditions);
    return 0;
  },
  command: ({ shell, args, io }) => {
    if (args[0] !== '-v') throw unknownUse('command', args);
    let status = 0;
    for (const name of args.slice(1)) {
      if (shell.world.knows(name)) io.output.write(`/usr/bin/${name}\n`);
      else status = 127;
    }
    return status;
  },
  *wait({ shell }): Program {
    for (const child of shell.children) yield { kind: 'child', process: child };
    shell.children.clear();
    return 0;
  },
};
