import { outputTooLarge, frameFailed } from '#main/computers/shell/remote-errors.ts';
import { defaultMaxOutput } from '#main/computers/shell/exec-command.ts';
import { transportError } from '#main/computers/transport-error.ts';
import type { ExecAnswer, ExecRequest, Transport } from '#main/computers/transport.ts';
import type { ClusterWorld } from './cluster-world.ts';
import { serveFetch, serveManifest, serveUpload, type FileService } from './serve-files.ts';
import type { Link } from './link.ts';
import type { Process } from './machines/process.ts';
import type { ClusterParts } from './parts.ts';
import { Collected, Input } from './sh/streams.ts';
import type { LiveWrapper } from './truth.ts';

/** Steps of a wrapper that submits: a kill strikes before any of them. */
const wrapperSteps = 14;

/** Connections that were given up are cleaned up by some servers, which end what was started there. */
const hangUpChance = 0.5;

class Answer implements ExecAnswer {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
  readonly noise = '';
  readonly ms: number;
  #bytes: Uint8Array | null = null;

  constructor(exitCode: number, stdout: string, stderr: string, ms: number) {
    this.exitCode = exitCode;
    this.stdout = stdout;
    this.stderr = stderr;
    this.ms = ms;
  }

  get bytes(): Uint8Array {
    this.#bytes ??= Buffer.from(this.stdout, 'utf8');
    return this.#bytes;
  }
}

export interface TransportParts {
  readonly parts: ClusterParts;
  readonly world: ClusterWorld;
  readonly link: Link;
  readonly environment: ReadonlyMap<string, string>;
}

/** In the place of SSH: the same promises, kept and broken in the same way. */
export class VirtualTransport implements Transport {
  readonly type = 'core.ssh';
  readonly #deps: TransportParts;
  readonly #files: FileService;
  readonly upload: Transport['upload'];
  readonly manifest: Transport['manifest'];
  readonly fetch: Transport['fetch'];

  constructor(deps: TransportParts) {
    this.#deps = deps;
    this.#files = { parts: deps.parts, link: deps.link };
    this.upload = (request) => serveUpload(this.#files, request);
    this.manifest = (directory, patterns, signal) => serveManifest(this.#files, directory, patterns, signal);
    this.fetch = (directory, files, receive, signal) =>
      serveFetch(this.#files, directory, files, receive, signal);
  }

  get closed(): Promise<Error> {
    return this.#deps.link.closed;
  }

  signOfLife(): Promise<void> {
    return this.#deps.link.signOfLife();
  }

  close(): void {
    const { link } = this.#deps;
    link.die(transportError('connection-lost', { message: `The connection to ${link.host} was closed.` }));
  }

  exec(request: ExecRequest): Promise<ExecAnswer> {
    const { parts, link } = this.#deps;
    const { what, signal, silenceMs } = request;
    const started = parts.clock.monotonic();
    if (request.input !== undefined && !(request.input instanceof Uint8Array)) {
      return Promise.reject(new Error('The simulator takes no streamed input of a command.'));
    }
    if (what === 'the list of jobs') parts.truth.listings.push(parts.clock.now());
    return link.call<ExecAnswer>({
      what,
      signal,
      silenceMs,
      serve: (reply) => {
        const output = new Collected();
        const errors = new Collected();
        const process = this.#start(request, output, errors);
        process.onEnd(({ exitStatus, wasKilled }) => {
          reply(() => {
            if (wasKilled) throw frameFailed(what, { kind: 'no-end', noise: '' }, '');
            const limit = request.maxOutput ?? defaultMaxOutput;
            if (output.text.length > limit) throw outputTooLarge(what, limit);
            return new Answer(exitStatus ?? 0, output.text, errors.text, parts.clock.monotonic() - started);
          });
        });
        return () => {
          if (!process.hasEnded && parts.random.next() < hangUpChance) process.signal('HUP');
        };
      },
    });
  }

  #start(request: ExecRequest, output: Collected, errors: Collected): Process {
    const { parts, world, link, environment } = this.#deps;
    const { machine } = link;
    const home = parts.files.makeFolders(
      { machine: machine.name, cwd: parts.files.root },
      environment.get('HOME') ?? '/',
    );
    const process = machine.spawn('sh', home, null);
    if (request.what === 'the submission') this.#noteWrapper(request, process);
    const text = request.input === undefined ? '' : Buffer.from(request.input as Uint8Array).toString('utf8');
    world.start(
      process,
      {
        variables: environment,
        exported: new Set(environment.keys()),
        functions: new Map(),
        args: [],
        io: { input: new Input(text), output, errors },
        viewer: { machine: machine.name, cwd: home },
        isJob: false,
      },
      request.script,
    );
    return process;
  }

  #noteWrapper(request: ExecRequest, process: Process): void {
    const { truth, clock, random, strikes } = this.#deps.parts;
    const found =
      /' '([^']*)' "\$(?:machine|\(uname -n\))"|\n' '?([a-z][a-z0-9]{15})'? "\$(?:machine|\(uname)/.exec(
        request.script,
      );
    const directory = /\nif ! cd '([^\n]*)' 2>\/dev\/null && gone /.exec(request.script)?.[1] ?? '';
    const wrapper: LiveWrapper = { token: found?.[1] ?? found?.[2] ?? '', directory, since: clock.now() };
    truth.liveWrappers.add(wrapper);
    truth.noteDirectory(directory);
    process.onEnd(() => truth.liveWrappers.delete(wrapper));
    if (strikes('wrapperKilledMidway')) {
      process.killAtStep = Math.floor(random.next() * wrapperSteps);
    }
  }
}
