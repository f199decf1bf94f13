import type {
  FunctionOutcome,
  MadeData,
  NodeForPlugin,
  PluginHost,
  PluginInputs,
  WorkflowAnswer,
  WorkflowAsk,
  WorkflowOutcome,
} from '#main/engine/ports.ts';
import { runTask } from '#main/plugins/worker/run-task.ts';
import { StemmaError } from '#shared/base/errors.ts';
import type { ObjectHash, Uuid } from '#shared/provenance/ids.ts';
import { NodeType } from '#shared/provenance/node-types.ts';
import type { Dice } from '../time/dice.ts';
import type { Life } from '../world/life.ts';
import { pause } from '../world/objects.ts';
import type { VirtualTime } from '../time/virtual-time.ts';
import { interpret, type Witness } from './interpret.ts';
import { restartPlugin } from './names.ts';
import type { FunctionParameters, JobParameters, Program } from './program.ts';
import { restartDefinition } from './restart.ts';
import { plainSpecs } from './specs.ts';

/** Text of the input of a job; the program on the computer checks that it got every byte of it. */
export function inputText({ name, inputBytes }: JobParameters, version: number): string {
  const line = `${name} ${inputBytes} ${version}\n`;
  return line + `${name}-`.repeat(Math.ceil(inputBytes / (name.length + 1))).slice(0, inputBytes);
}

export interface HostDeps {
  readonly life: Life;
  readonly time: VirtualTime;
  readonly dice: Dice;
  readonly bytes: (hash: ObjectHash) => Promise<Uint8Array>;
  readonly codes: readonly Uuid[];
  /** Of the plugins as they are installed in this life. */
  readonly version: number;
  readonly witness: Witness;
}

const parametersOf = <T>(inputs: PluginInputs, label: string): T =>
  JSON.parse((inputs[label] as NodeForPlugin).attributes) as T;

const dict = (value: unknown): MadeData => ({
  nodeType: NodeType.dict,
  attributes: JSON.stringify(value),
  label: '',
  files: [],
});

const int = (value: number): MadeData => ({
  nodeType: NodeType.int,
  attributes: JSON.stringify({ value }),
  label: '',
  files: [],
});

const threw = (error: string): FunctionOutcome => ({
  kind: 'threw',
  error,
  stack: `${error}\n    at the virtual plugin`,
});

/** Plugins without threads: what they do is in their inputs. */
export function virtualPlugins(deps: HostDeps): PluginHost {
  const { life, time, dice, bytes, version, witness } = deps;

  /** Plugin code takes a moment, and the core may die while it runs. */
  async function moment(what: string, signal: AbortSignal): Promise<void> {
    await life.pass(`before ${what}`);
    await pause(time, dice.whole(0, 40));
    await life.pass(`after ${what}`);
    signal.throwIfAborted();
  }

  const specs = [...plainSpecs, restartDefinition.spec];

  /** The engine hears what code asks for, and may die before or after that. */
  const asking = (
    asks: (ask: WorkflowAsk) => Promise<WorkflowAnswer>,
    signal: AbortSignal,
  ): ((ask: WorkflowAsk) => Promise<WorkflowAnswer>) => {
    let turn = Promise.resolve();
    return async (ask) => {
      await life.pass('before a step is asked');
      const answer = await asks(ask);
      // as the real host does: the next answer comes when the code has done all that it can with the last
      turn = turn.then(() => pause(time, 0));
      await turn;
      await life.pass('after a step is answered');
      signal.throwIfAborted();
      return answer;
    };
  };

  return {
    specs: () => specs,
    validate: () => Promise.resolve({}),

    async runFunction(_, inputs, signal) {
      await moment('a function', signal);
      const { name, add, ends } = parametersOf<FunctionParameters>(inputs, 'parameters');
      witness.ran('function', name);
      if (ends === 'throws') return threw(`${name} throws`);
      if (ends === 'exit') return { kind: 'exit', status: 310, message: `${name} gives up`, outputs: {} };
      const log: MadeData = {
        nodeType: NodeType.singleFile,
        attributes: JSON.stringify({ filename: 'log.txt' }),
        label: '',
        files: [{ path: 'log.txt', content: Buffer.from(`${name} added ${add}\n`) }],
      };
      return { kind: 'outputs', outputs: { result: int(add), log } };
    },

    async prepare(_, inputs, _computer, signal) {
      await moment('the preparation of a job', signal);
      const parameters = parametersOf<JobParameters>(inputs, 'parameters');
      if (parameters.ends === 'prepare-throws') {
        return { kind: 'threw', error: `${parameters.name} cannot be prepared`, stack: '' };
      }
      const code = inputs['code'] as NodeForPlugin;
      return {
        kind: 'prepared',
        calculation: {
          files: [{ path: 'input.txt', content: Buffer.from(inputText(parameters, version)) }],
          localCopies: [],
          remoteCopies: [],
          remoteSymlinks: [],
          runs: [
            {
              code: code.uuid,
              arguments: [JSON.stringify(parameters)],
              stdin: 'input.txt',
              stdout: 'output.txt',
              stderr: null,
              joinFiles: false,
              withMpi: null,
            },
          ],
          parallel: false,
          retrieve: ['output.txt', 'part-*'],
          prependText: '',
          appendText: '',
        },
      };
    },

    async parse(_, inputs, retrieved, { exitStatus, schedulerExit }, signal) {
      await moment('a parser', signal);
      const { name, ends } = parametersOf<JobParameters>(inputs, 'parameters');
      if (schedulerExit !== null) return { kind: 'exit', ...schedulerExit, outputs: {} };
      if (ends === 'parser-throws') return threw(`the parser of ${name} throws`);
      const output = retrieved.find(([path]) => path === 'output.txt');
      if (output === undefined || output[1] === undefined) {
        return { kind: 'exit', status: 302, message: 'There is no output.', outputs: {} };
      }
      const text = Buffer.from(await bytes(output[1])).toString();
      const value = /^result (\d+) of (\S+)\n/.exec(text);
      if (value === null || value[2] !== name) {
        return { kind: 'exit', status: 303, message: 'The output is not complete.', outputs: {} };
      }
      if (exitStatus !== 0) {
        return { kind: 'exit', status: 304, message: `The program ended with ${exitStatus}.`, outputs: {} };
      }
      return { kind: 'outputs', outputs: { result: int(Number(value[1])) } };
    },

    async runWorkflow(plugin, inputs, asks, signal) {
      await moment('the start of a workflow', signal);
      const ask = asking(asks, signal);
      if (plugin === restartPlugin) {
        // the product's own code, handlers and all
        const task = { kind: 'workflow', plugin, inputs, slot: 0 } as const;
        const result = await unlessAborted(
          runTask(task, { definition: restartDefinition, read: bytes, ask }),
          signal,
        );
        if (result.kind === 'core-failed') throw new StemmaError(result.error);
        return result as WorkflowOutcome;
      }
      const program = parametersOf<Program>(inputs, 'program');
      // the real host ends the thread of a workflow that is not wanted any more, whatever it waits for
      return unlessAborted(
        interpret(program, {
          version,
          witness,
          jobInputs: (parameters, before) => ({
            code: { uuid: deps.codes[parameters.computer] as Uuid },
            parameters: dict(parameters),
            ...before,
          }),
          dict,
          signal,
          ask,
        }),
        signal,
      );
    },
  };
}

const unlessAborted = <T>(wanted: Promise<T>, signal: AbortSignal): Promise<T> =>
  new Promise((resolve, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
    if (signal.aborted) reject(signal.reason);
    wanted.then(resolve, reject);
  });
