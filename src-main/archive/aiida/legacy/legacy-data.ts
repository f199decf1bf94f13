import { archiveDamaged } from '../container/archive-errors.ts';
import { entityName, type EntityName } from './entity-names.ts';
import type { JsonFile, Slice } from './json-file.ts';
import { ObjectText } from './object-text.ts';
import type { LegacyLink } from './step.ts';

/** Parts of `data.json` that are looked up by the key of a node. */
const perNode = ['attributes', 'extras', 'attributeDates', 'extraDates'] as const;
type PerNode = (typeof perNode)[number];

const written: Readonly<Record<PerNode, string>> = {
  attributes: 'node_attributes',
  extras: 'node_extras',
  attributeDates: 'node_attributes_conversion',
  extraDates: 'node_extras_conversion',
};

export interface LegacyCounts {
  readonly users: number;
  readonly computers: number;
  readonly groups: number;
  readonly nodes: number;
  readonly links: number;
  readonly logs: number;
  readonly comments: number;
}

/** Where things stand in a `data.json`. */
export class LegacyData {
  readonly #file: JsonFile;
  readonly #parts: ReadonlyMap<string, Slice>;
  readonly #entities: ReadonlyMap<EntityName, Slice>;

  /** @throws StemmaError `archive-damaged` */
  static async open(file: JsonFile): Promise<LegacyData> {
    const parts = new Map<string, Slice>();
    for await (const part of file.members(file.whole)) parts.set(part.key, part);
    const exported = parts.get('export_data');
    if (exported === undefined) throw archiveDamaged('data.json', 'its data.json has no “export_data”');
    const entities = new Map<EntityName, Slice>();
    for await (const entity of file.members(exported)) {
      const name = entityName(entity.key);
      if (name !== null) entities.set(name, entity);
    }
    return new LegacyData(file, parts, entities);
  }

  private constructor(
    file: JsonFile,
    parts: ReadonlyMap<string, Slice>,
    entities: ReadonlyMap<EntityName, Slice>,
  ) {
    this.#file = file;
    this.#parts = parts;
    this.#entities = entities;
  }

  async counts(): Promise<LegacyCounts> {
    const count = async (slices: AsyncIterable<Slice>): Promise<number> => {
      let number = 0;
      for await (const _slice of slices) number++;
      return number;
    };
    return {
      users: await count(this.#rowSlices('User')),
      computers: await count(this.#rowSlices('Computer')),
      groups: await count(this.#rowSlices('Group')),
      nodes: await count(this.#rowSlices('Node')),
      links: await count(this.#linkSlices()),
      logs: await count(this.#rowSlices('Log')),
      comments: await count(this.#rowSlices('Comment')),
    };
  }

  async *#rowSlices(entity: EntityName): ReturnType<JsonFile['members']> {
    const slice = this.#entities.get(entity);
    if (slice !== undefined) yield* this.#file.members(slice);
  }

  async *#linkSlices(): ReturnType<JsonFile['elements']> {
    const slice = this.#parts.get('links_uuid');
    if (slice !== undefined) yield* this.#file.elements(slice);
  }

  /** Rows with their keys, which are positive integers. */
  async *rows(entity: EntityName): AsyncGenerator<readonly [id: number, row: ObjectText]> {
    for await (const slice of this.#rowSlices(entity)) {
      yield [idOf(slice.key), ObjectText.of(this.#file.text(slice))];
    }
  }

  async *links(): AsyncGenerator<LegacyLink> {
    for await (const slice of this.#linkSlices()) {
      const row = ObjectText.of(this.#file.text(slice));
      const [input, output] = [row.string('input'), row.string('output')];
      if (input === null || output === null)
        throw archiveDamaged('data.json', 'a link in it has only one end');
      yield { input, output, label: row.string('label') ?? '', type: row.string('type') };
    }
  }

  /** UUIDs of groups with those of their nodes, a thousand at a time. */
  async *members(): AsyncGenerator<readonly [group: string, nodes: readonly string[]]> {
    const slice = this.#parts.get('groups_uuid');
    if (slice === undefined) return;
    for await (const group of this.#file.members(slice)) {
      let nodes: string[] = [];
      for await (const node of this.#file.elements(group)) {
        nodes.push(textOf(this.#file.text(node)));
        if (nodes.length === 1000) {
          yield [group.key, nodes];
          nodes = [];
        }
      }
      yield [group.key, nodes];
    }
  }

  /** Where the attributes and the like of each node are. */
  async index(): Promise<NodeTexts> {
    const texts = new NodeTexts(this.#file);
    for (const part of perNode) {
      const slice = this.#parts.get(written[part]);
      if (slice === undefined) continue;
      for await (const { key, start, end } of this.#file.members(slice))
        texts.add(part, idOf(key), start, end);
    }
    return texts;
  }
}

/** Places of texts in `data.json` by key of node: the texts themselves may be gigabytes. */
export class NodeTexts {
  readonly #file: JsonFile;
  readonly #places: Readonly<Record<PerNode, Map<number, Slice>>> = {
    attributes: new Map(),
    extras: new Map(),
    attributeDates: new Map(),
    extraDates: new Map(),
  };

  constructor(file: JsonFile) {
    this.#file = file;
  }

  add(part: PerNode, id: number, start: number, end: number): void {
    this.#places[part].set(id, { start, end });
  }

  /** How many nodes have attributes: all have them in what AiiDA writes. */
  get nodes(): number {
    return this.#places.attributes.size;
  }

  /** null where the node has none. */
  text(part: PerNode, id: number): ObjectText | null {
    const slice = this.#places[part].get(id);
    return slice === undefined ? null : ObjectText.of(this.#file.text(slice));
  }
}

function idOf(key: string): number {
  const id = /^\d{1,10}$/.test(key) ? Number(key) : 0;
  if (id < 1) throw archiveDamaged('data.json', `its data.json has a row with the key “${key.slice(0, 40)}”`);
  return id;
}

/** Empty where it is no text: a member that nobody knows. */
function textOf(json: string): string {
  try {
    const value: unknown = JSON.parse(json);
    return typeof value === 'string' ? value : '';
  } catch (error) {
    throw archiveDamaged('data.json', 'the list of the members of a group in it is not JSON', error);
  }
}
