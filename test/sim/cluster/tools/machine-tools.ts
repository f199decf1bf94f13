import type { Program } from '../machines/process.ts';
import { optionsOf, unknownUse, type Tools } from './tool.ts';

function* rest(ms: number): Program {
  yield { kind: 'sleep', ms };
  return 0;
}

/** Commands about the machine and the account. */
export const machineTools: Tools = {
  date({ shell, args, io }) {
    const now = shell.world.now();
    const [format = ''] = args;
    if (format === '+%s') io.output.write(`${Math.floor(now / 1000)}\n`);
    else if (format === '+%s.%N') io.output.write(`${(now / 1000).toFixed(3)}000000\n`);
    else throw unknownUse('date', args);
    return 0;
  },
  uname({ shell, args, io }) {
    const { options } = optionsOf(args);
    if (options.has('n')) io.output.write(`${shell.process.machine.name}\n`);
    else io.output.write(options.has('r') ? 'Linux 6.1.0\n' : 'Linux\n');
    return 0;
  },
  id({ shell, args, io }) {
    if (args[0] !== '-un') throw unknownUse('id', args);
    io.output.write(`${shell.value('USER') ?? 'nobody'}\n`);
    return 0;
  },
  env({ shell, args, io }) {
    if (args.length > 0) throw unknownUse('env', args);
    const lines = [...shell.environment].map(([name, value]) => `${name}=${value}\n`);
    io.output.write(lines.join(''));
    return 0;
  },
  *sleep({ shell, args }): Program {
    const seconds = Number(args[0]);
    if (!(seconds >= 0)) throw unknownUse('sleep', args);
    // a process of its own: a signal to the group ends it, and the shell goes on
    const { machine, group } = shell.process;
    const child = machine.spawn('sleep', shell.viewer.cwd, group);
    child.run(rest(seconds * 1000));
    yield { kind: 'child', process: child };
    return child.exitStatus ?? 0;
  },
  *setsid({ shell, args, io }): Program {
    shell.process.group = shell.process.pid;
    const result = shell.world.run(shell, args, io);
    return typeof result === 'number' ? result : yield* result;
  },
};
