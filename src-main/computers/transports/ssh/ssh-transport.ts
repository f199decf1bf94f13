import type { ClientChannel } from 'ssh2';
import { deferred } from '#shared/base/deferred.ts';
import type { Clock } from '#shared/base/clock.ts';
import { ShellFiles } from '../../files/shell-files.ts';
import { converseStream, converseText, type Pipes } from '../../shell/converse.ts';
import { prepareExec } from '../../shell/exec-command.ts';
import type { ExecAnswer, ExecRequest, StreamAnswer, Transport } from '../../transport.ts';
import type { SshLink } from './link.ts';

const never = new AbortController().signal;

/** A computer behind SSH: commands as sessions of one connection, files as tar archives through commands. */
export class SshTransport implements Transport {
  readonly type = 'core.ssh';
  readonly #link: SshLink;
  readonly #clock: Clock;
  readonly #files: ShellFiles;
  readonly upload: Transport['upload'];
  readonly manifest: Transport['manifest'];
  readonly fetch: Transport['fetch'];

  constructor(link: SshLink, clock: Clock) {
    this.#link = link;
    this.#clock = clock;
    this.#files = new ShellFiles(this);
    this.upload = (request) => this.#files.upload(request);
    this.manifest = (directory, patterns, signal) => this.#files.manifest(directory, patterns, signal);
    this.fetch = (directory, files, receive, signal) => this.#files.fetch(directory, files, receive, signal);
  }

  get closed(): Promise<Error> {
    return this.#link.closed;
  }

  exec(request: ExecRequest): Promise<ExecAnswer> {
    const prepared = prepareExec(request, 'text');
    return this.#link.session(prepared.command, request.signal ?? never, (channel, signal) =>
      converseText(pipesOf(channel), prepared, request, this.#clock, signal),
    );
  }

  stream(request: ExecRequest, receive: (bytes: Uint8Array) => Promise<void> | void): Promise<StreamAnswer> {
    const prepared = prepareExec(request, 'stream');
    return this.#link.session(prepared.command, request.signal ?? never, (channel, signal) =>
      converseStream(pipesOf(channel), prepared, request, receive, this.#clock, signal),
    );
  }

  signOfLife(): Promise<void> {
    return this.#link.signOfLife();
  }

  close(): void {
    this.#link.close();
  }
}

function pipesOf(channel: ClientChannel): Pipes {
  const ended = deferred<void>();
  channel.on('close', () => ended.resolve());
  return { stdin: channel, stdout: channel, stderr: channel.stderr, ended: ended.promise };
}
