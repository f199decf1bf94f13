import { FileError, type RemoteFiles, type Viewer } from '../files/remote-files.ts';
import { step, type Program } from '../machines/process.ts';
import { kernelLink } from './kernel-files.ts';
import { optionsOf, unknownUse, type Call, type Tools } from './tool.ts';

function guarded({ io }: Call, words: string, work: () => void): boolean {
  try {
    work();
    return true;
  } catch (thrown) {
    if (!(thrown instanceof FileError)) throw thrown;
    io.errors.write(`${words}: ${thrown.problem}\n`);
    return false;
  }
}

function* mkdir(call: Call): Program {
  yield step();
  const { options, operands } = optionsOf(call.args);
  const { files } = call.shell.world;
  let status = 0;
  for (const path of operands) {
    const made = guarded(call, `mkdir: cannot create directory '${path}'`, () => {
      if (options.has('p')) files.makeFolders(call.shell.viewer, path);
      else files.makeFolder(call.shell.viewer, path);
    });
    if (!made) status = 1;
  }
  return status;
}

function* rm(call: Call): Program {
  yield step();
  const { options, operands } = optionsOf(call.args);
  const { files } = call.shell.world;
  let status = 0;
  for (const path of operands) {
    const node = files.look(call.shell.viewer, path, false);
    if (node?.kind === 'folder' && !options.has('r') && !options.has('R')) {
      call.io.errors.write(`rm: cannot remove '${path}': Is a directory\n`);
      status = 1;
    } else if (!files.remove(call.shell.viewer, path) && !options.has('f')) {
      call.io.errors.write(`rm: cannot remove '${path}': No such file or directory\n`);
      status = 1;
    }
  }
  return status;
}

function* mv(call: Call): Program {
  yield step();
  const { operands } = optionsOf(call.args);
  const [from = '', to = ''] = operands;
  if (operands.length !== 2) throw unknownUse('mv', call.args);
  const { files } = call.shell.world;
  return guarded(call, `mv: cannot move '${from}' to '${to}'`, () =>
    files.rename(call.shell.viewer, from, to),
  )
    ? 0
    : 1;
}

const baseName = (path: string): string => path.replace(/\/+$/, '').split('/').at(-1) ?? '';

/** Where a copy or a link goes: into a folder that is there, or to the name itself. */
const targetOf = (files: RemoteFiles, viewer: Viewer, from: string, to: string): string =>
  files.folder(viewer, to) === null ? to : `${to.replace(/\/+$/, '')}/${baseName(from)}`;

function* ln(call: Call): Program {
  yield step();
  const { options, operands } = optionsOf(call.args);
  const to = operands.at(-1) ?? '';
  const { files } = call.shell.world;
  let status = 0;
  for (const from of operands.slice(0, -1)) {
    const target = targetOf(files, call.shell.viewer, from, to);
    const made = guarded(
      call,
      `ln: failed to create ${options.has('s') ? 'symbolic' : 'hard'} link '${target}'`,
      () => {
        if (options.has('s')) files.symlink(call.shell.viewer, from, target);
        else files.link(call.shell.viewer, from, target);
      },
    );
    if (!made) status = 1;
  }
  return status;
}

function copy(files: RemoteFiles, viewer: Viewer, from: string, to: string): void {
  const node = files.look(viewer, from);
  if (node === null) throw new FileError('No such file or directory');
  if (node.kind === 'file') files.write(viewer, to, node.bytes, node.executable);
  if (node.kind !== 'folder') return;
  files.makeFolders(viewer, to);
  for (const name of files.names(viewer, node)) copy(files, viewer, `${from}/${name}`, `${to}/${name}`);
}

function* cp(call: Call): Program {
  yield step();
  const { options, operands } = optionsOf(call.args);
  const to = operands.at(-1) ?? '';
  const { viewer, world } = call.shell;
  let status = 0;
  for (const from of operands.slice(0, -1)) {
    const node = world.files.look(viewer, from);
    if (node?.kind === 'folder' && !options.has('R') && !options.has('r')) {
      call.io.errors.write(`cp: -r not specified; omitting directory '${from}'\n`);
      status = 1;
      continue;
    }
    const target = targetOf(world.files, viewer, from, to);
    if (
      !guarded(call, `cp: cannot create regular file '${target}'`, () =>
        copy(world.files, viewer, from, target),
      )
    ) {
      status = 1;
    }
  }
  return status;
}

/** Commands about files. Those that change something are steps, between which others act. */
export const fileTools: Tools = {
  mkdir,
  rm,
  mv,
  ln,
  cp,
  *touch(call): Program {
    yield step();
    for (const path of call.args) call.shell.world.files.create(call.shell.viewer, path, true);
    return 0;
  },
  ls(call) {
    const { operands } = optionsOf(call.args);
    const path = operands[0] ?? '.';
    const { files } = call.shell.world;
    const node = files.look(call.shell.viewer, path);
    if (node === null) {
      call.io.errors.write(`ls: cannot access '${path}': No such file or directory\n`);
      return 2;
    }
    const names = node.kind === 'folder' ? files.names(call.shell.viewer, node) : [path];
    call.io.output.write(names.map((name) => `${name}\n`).join(''));
    return 0;
  },
  stat({ shell, args, io }) {
    const [option, format, path = ''] = args;
    // of two kinds of machines, these are those of GNU
    if (option === '-f') return 1;
    if (option !== '-c' || format !== '%Y' || args.length !== 3) throw unknownUse('stat', args);
    const file = shell.world.files.file(shell.viewer, path);
    if (file === null) {
      io.errors.write(`stat: cannot statx '${path}': No such file or directory\n`);
      return 1;
    }
    const changed = shell.world.now() - shell.world.files.quietFor(file);
    io.output.write(`${Math.floor(changed / 1000)}\n`);
    return 0;
  },
  readlink({ shell, args, io }) {
    const { operands } = optionsOf(args);
    const [path = ''] = operands;
    const kernel = kernelLink(shell, path);
    const node = shell.world.files.look(shell.viewer, path, false);
    const target = kernel ?? (node?.kind === 'link' ? node.target : null);
    if (target === null) return 1;
    io.output.write(`${target}\n`);
    return 0;
  },
  dirname({ args, io }) {
    const [path = ''] = args;
    const parent = path.replace(/\/+$/, '').replace(/\/*[^/]*$/, '');
    io.output.write(`${parent !== '' ? parent : path.startsWith('/') ? '/' : '.'}\n`);
    return 0;
  },
  basename({ args, io }) {
    io.output.write(`${baseName(args[0] ?? '')}\n`);
    return 0;
  },
  df({ shell, args, io }) {
    const { operands } = optionsOf(args);
    const { files } = shell.world;
    const kb = Math.floor(files.freeBytes / 1024);
    io.output.write('Filesystem 1024-blocks Used Available Capacity Mounted on\n');
    io.output.write(`store 9999999999 ${Math.ceil(files.usedBytes / 1024)} ${kb} 1% ${operands[0] ?? '/'}\n`);
    return 0;
  },
};
