import type { NodeRecord } from '#main/engine/ports.ts';
import type { RunState } from '#main/engine/state.ts';
import type { Uuid } from '#shared/provenance/ids.ts';
import { NodeType } from '#shared/provenance/node-types.ts';
import { inputText } from '../plugins/host.ts';
import type { FunctionParameters, JobParameters } from '../plugins/program.ts';
import type { Launched } from '../world/launch-request.ts';
import type { Committed } from '../world/watched-store.ts';
import type { World } from '../world/world.ts';
import type { Attempts } from './attempts.ts';

interface Attributes {
  readonly process_state?: string;
  readonly exit_status?: number;
}

interface Calculation {
  readonly node: NodeRecord;
  /** Content of each input by label. */
  readonly inputs: Readonly<Record<string, string>>;
  readonly outputs: ReadonlyMap<string, NodeRecord>;
}

/**
 * What a calculation gives is what its inputs say, whether it ran or is a copy. A copy says so, and so do its outputs;
 * nothing is submitted for it, and its source ended well with the same inputs. What may be copied is not run.
 */
export class Cached {
  readonly #world: World;
  readonly #attempts: Attempts;
  /** Copies of processes and of data: of what. */
  readonly #copies = new Map<string, string>();
  /** Launches of calculations that have ended well, as {@link keyOf} has them. */
  readonly #ended = new Set<string>();
  readonly #seen = new Set<Uuid>();

  constructor(world: World, attempts: Attempts) {
    this.#world = world;
    this.#attempts = attempts;
  }

  learn({ states, copies }: Committed): void {
    for (const { uuid, from } of copies) this.#copies.set(uuid, from);
    if (this.#world.scenario.uses.caching === 'off') return;
    for (const state of states) this.#runs(state);
  }

  isCopy(uuid: Uuid): boolean {
    return this.#copies.has(uuid);
  }

  onEnd(node: NodeRecord, attributes: Attributes): void {
    const isWell = attributes.process_state === 'finished' && attributes.exit_status === 0;
    const calculation = this.#calculation(node);
    if (calculation === null) return;
    if (isWell) this.#gives(calculation);
    if (this.isCopy(node.uuid)) this.#isCopied(calculation, isWell);
    const launched = this.#world.asked.get(node.uuid);
    const { caching } = this.#world.scenario.uses;
    if (isWell && launched !== undefined && caching !== 'off') this.#ended.add(keyOf(launched));
  }

  /** A process that runs: nothing equal had ended before it was launched. */
  #runs(text: string): void {
    const uuid = /"uuid":"([-0-9a-f]+)"/.exec(text)?.[1] as Uuid;
    if (this.#seen.has(uuid)) return;
    this.#seen.add(uuid);
    const { chronicle, asked } = this.#world;
    if (this.#copies.has(uuid))
      chronicle.broken(
        'cache',
        `Process ${uuid} is a copy, and runs: ${(JSON.parse(text) as RunState).kind}.`,
      );
    const launched = asked.get(uuid);
    if (launched === undefined || !this.#wantsCopy(launched)) return;
    if (this.#ended.has(keyOf(launched)))
      chronicle.broken('cache', `Process ${uuid} runs, although an equal one had ended well.`);
  }

  #wantsCopy({ what, caching }: Launched): boolean {
    if (what === 'workflow' || what === 'restart') return false;
    return caching === 'yes' || (caching === 'profile' && this.#world.scenario.uses.caching === 'always');
  }

  #isCopied(copy: Calculation, isWell: boolean): void {
    const { chronicle, asked } = this.#world;
    const { node, inputs, outputs } = copy;
    const say = (why: string): void =>
      chronicle.broken('cache', `Process ${node.uuid} is a copy, and ${why}`);
    chronicle.count('copies from the cache');
    const launched = asked.get(node.uuid);
    if (launched !== undefined && !this.#wantsCopy(launched)) say('nobody wanted one.');
    if (!isWell) say('its source did not end well.');
    if (this.#attempts.of(node.uuid).length > 0) say('a job was submitted for it.');
    const source = this.#source(this.#copies.get(node.uuid) ?? '');
    if (source === null) {
      say('its source is not there.');
      return;
    }
    if (!source.node.sealed) say('its source has not ended.');
    if (source.node.processType !== node.processType) say(`its source is a ${source.node.processType}.`);
    if (JSON.stringify(source.inputs) !== JSON.stringify(inputs)) say('its source had other inputs.');
    if (source.node.computer !== node.computer) say('its source ran on another computer.');
    if ([...source.outputs.keys()].join() !== [...outputs.keys()].join())
      say('its source has other outputs.');
    for (const [label, output] of outputs) {
      const original = source.outputs.get(label);
      if (this.#copies.get(output.uuid) !== original?.uuid) say(`its output “${label}” does not say so.`);
      if (original === undefined || contentOf(output) !== contentOf(original))
        say(`its output “${label}” is another.`);
    }
  }

  /** What came out is what the inputs say. */
  #gives({ node, inputs, outputs }: Calculation): void {
    const given = JSON.parse(inputs['parameters'] ?? '{}') as { readonly attributes: string };
    const parameters = JSON.parse(given.attributes) as JobParameters | FunctionParameters;
    const expected =
      'add' in parameters
        ? parameters.add
        : parameters.name.length + inputText(parameters, this.#world.pluginVersion).length;
    const result = outputs.get('result');
    const { value } = JSON.parse(result?.attributes ?? '{}') as { readonly value?: number };
    if (value !== expected)
      this.#world.chronicle.broken(
        'cache',
        `Process ${node.uuid} of ${parameters.name} gave ${value}, its inputs give ${expected}.`,
      );
  }

  #source(uuid: string): Calculation | null {
    const { core } = this.#world;
    const node = core?.store.engine.read((reads) => reads.nodeByUuid(uuid as Uuid)) ?? null;
    return node === null ? null : this.#calculation(node);
  }

  #calculation(node: NodeRecord): Calculation | null {
    const { core } = this.#world;
    if (core === null || (node.nodeType !== NodeType.calcJob && node.nodeType !== NodeType.calcFunction))
      return null;
    return core.store.engine.read((reads) => {
      const inputs = reads
        .incoming(node.id)
        .filter(({ type }) => type === 'input_calc')
        .map(({ label, source }) => [label, contentOf(reads.node(source))] as const);
      const outputs = reads
        .outgoing(node.id)
        .filter(({ type }) => type === 'create')
        .map(({ label, target }) => [label, reads.node(target)] as const)
        .filter((pair): pair is readonly [string, NodeRecord] => pair[1] !== null);
      return {
        node,
        inputs: Object.fromEntries(inputs.toSorted(byLabel)),
        outputs: new Map(outputs.toSorted(byLabel)),
      };
    });
  }
}

const byLabel = ([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number =>
  a < b ? -1 : 1;

const contentOf = (node: NodeRecord | null): string =>
  JSON.stringify({
    type: node?.nodeType,
    attributes: node?.attributes,
    files: node?.repository,
    computer: node?.computer,
  });

const keyOf = ({ what, parameters }: Launched): string => JSON.stringify([what, parameters]);
