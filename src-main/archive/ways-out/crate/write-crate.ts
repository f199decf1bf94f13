import { filesOf } from '#shared/provenance/repository-tree.ts';
import type { Progress } from '#shared/contract/common.ts';
import type { WayOut } from '#shared/contract/areas/ways-out.ts';
import { version } from '../../../version.ts';
import type { LeavingNode, Leaving } from '../leaving.ts';
import { TreeNames } from '../tree-names.ts';
import type { TreeSink } from '../tree-sink.ts';
import { actionEntities, actionId, engineId, personId } from './action-entities.ts';
import { dataEntity, type DataForm } from './data-entity.ts';
import { definitionEntities } from './definition-entities.ts';
import { defineAll, type Definition } from './definitions.ts';
import { isoTime, pathId, ref, refs, type Entity } from './entity.ts';
import { storedFile } from './stored-file.ts';
import { GraphFile } from './graph-file.ts';
import { readme } from './readme.ts';
import { titleOf } from '../title.ts';

export interface CrateRequest {
  readonly leaving: Leaving;
  readonly form: Extract<WayOut, { kind: 'crate' }>;
  readonly sink: TreeSink;
  /** For the metadata while it is written; not there yet. */
  readonly scratch: string;
  readonly now: Date;
  readonly progress: (progress: Progress) => void;
  readonly signal: AbortSignal;
}

const profiles = {
  process: ['https://w3id.org/ro/wfrun/process/0.5', 'Process Run Crate', '0.5'],
  workflow: ['https://w3id.org/ro/wfrun/workflow/0.5', 'Workflow Run Crate', '0.5'],
  provenance: ['https://w3id.org/ro/wfrun/provenance/0.5', 'Provenance Run Crate', '0.5'],
  workflowCrate: ['https://w3id.org/workflowhub/workflow-ro-crate/1.0', 'Workflow RO-Crate', '1.0'],
} as const;

/**
 * Writes an RO-Crate 1.1: data and files, what was executed, and each run, after the profiles Process Run Crate, Workflow
 * Run Crate and Provenance Run Crate 0.5 (https://www.researchobject.org/workflow-run-crate/profiles/).
 */
export async function writeCrate(request: CrateRequest): Promise<void> {
  const { leaving, sink, scratch, progress, signal } = request;
  const graph = new GraphFile(scratch);
  const definitions = defineAll(leaving);
  const processes = leaving.processes();
  const parts: string[] = [];
  const exampleOf = parametersByData(definitions);
  const forms = new Map<number, { readonly id: string; readonly form: DataForm }>();
  let done = 0;
  const step = (): void => {
    progress({ done: ++done, total: leaving.nodes.size, unit: 'nodes', words: 'Writing the crate' });
    signal.throwIfAborted();
  };
  for (const node of leaving.nodes.values()) {
    if (node.kind !== 'data' && node.kind !== 'unknown') continue;
    const data = await dataEntity(leaving, node, sink, exampleOf.get(node.id) ?? []);
    forms.set(node.id, data);
    for (const one of data.entities) graph.add(one);
    parts.push(...data.parts);
    step();
  }
  const dataIds = new Map([...forms].map(([id, data]) => [id, data.id]));
  for (const definition of new Set(definitions.values())) {
    for (const one of await definitionEntities(leaving, definition, forms, sink)) graph.add(one);
    if (definition.path !== null) parts.push(definition.id);
  }
  for (const node of processes) {
    const ownFiles = await ownFilesOf(leaving, node, sink, graph);
    if (ownFiles !== null) parts.push(ownFiles);
    for (const one of actionEntities(node, { leaving, definitions, dataIds, ownFiles })) graph.add(one);
    step();
  }
  const main = mainWorkflow(leaving, processes);
  for (const one of rootEntities(request, {
    parts,
    mentions: processes.map(actionId),
    main: main === null ? null : (definitions.get(main.id)?.id ?? null),
    hasProcesses: processes.length > 0,
  })) {
    graph.add(one);
  }
  graph.end();
  await sink.text('README.md', readme(leaving, request.form, request.now));
  await sink.copy('ro-crate-metadata.json', scratch);
}

function parametersByData(definitions: ReadonlyMap<number, Definition>): ReadonlyMap<number, string[]> {
  const byData = new Map<number, string[]>();
  for (const { inputs, outputs } of new Set(definitions.values())) {
    for (const { id, examples } of [...inputs.values(), ...outputs.values()]) {
      for (const data of examples) byData.set(data, [...(byData.get(data) ?? []), id]);
    }
  }
  return byData;
}

/** Files that a process itself holds: what was put into the work directory, and its log. */
async function ownFilesOf(
  leaving: Leaving,
  node: LeavingNode,
  sink: TreeSink,
  graph: GraphFile,
): Promise<string | null> {
  const folder = `processes/${node.uuid}`;
  const names = new TreeNames();
  const hasPart: string[] = [];
  const file = (place: string, name: string, more: Readonly<Record<string, unknown>>): void => {
    graph.add({ '@id': pathId(place), '@type': 'File', name, ...more });
    hasPart.push(pathId(place));
  };
  const place = `${folder}/${names.place('attributes.json')}`;
  await sink.text(place, leaving.attributesText(node));
  file(place, 'attributes.json', {
    description: 'The attributes of the process, as recorded.',
    encodingFormat: 'application/json',
  });
  for (const [path, hash] of filesOf(leaving.tree(node))) {
    const there = `${folder}/${names.place(path)}`;
    const entity = await storedFile(sink, there, path, hash);
    graph.add({ ...entity, name: path });
    hasPart.push(entity['@id']);
  }
  const logs = leaving.logs(node);
  if (logs.length > 0) {
    const there = `${folder}/${names.place('log.txt')}`;
    const lines = logs.map(
      ({ time, level, message }) => `${new Date(time / 1000).toISOString()} ${level} ${message}\n`,
    );
    await sink.text(there, lines.join(''));
    file(there, 'log.txt', { encodingFormat: 'text/plain' });
  }
  const id = `${pathId(folder)}/`;
  graph.add({
    '@id': id,
    '@type': 'Dataset',
    name: `Files of ${node.name}`,
    about: ref(actionId(node)),
    hasPart: refs(hasPart),
  });
  return id;
}

/** Of the workflows that no other called, the one with the most processes below it. */
function mainWorkflow(leaving: Leaving, processes: readonly LeavingNode[]): LeavingNode | null {
  let best: LeavingNode | null = null;
  let most = -1;
  for (const node of processes) {
    if (node.kind !== 'workflow' || leaving.caller(node) !== null) continue;
    let size = 0;
    const below = [node];
    for (let next = below.pop(); next !== undefined; next = below.pop()) {
      size++;
      below.push(...leaving.called(next).map(({ target }) => target));
    }
    if (size > most) [best, most] = [node, size];
  }
  return best;
}

interface RootParts {
  readonly parts: readonly string[];
  readonly mentions: readonly string[];
  readonly main: string | null;
  readonly hasProcesses: boolean;
}

function rootEntities(
  { leaving, form, now }: CrateRequest,
  { parts, mentions, main, hasProcesses }: RootParts,
): readonly Entity[] {
  const conforms = main === null ? (hasProcesses ? [profiles.process] : []) : Object.values(profiles);
  const title = form.title || titleOf(leaving);
  return [
    {
      '@id': 'ro-crate-metadata.json',
      '@type': 'CreativeWork',
      about: ref('./'),
      conformsTo: [
        ref('https://w3id.org/ro/crate/1.1'),
        ...(main === null ? [] : [ref(profiles.workflowCrate[0])]),
      ],
      sdPublisher: ref('#stemma'),
    },
    {
      '@id': './',
      '@type': 'Dataset',
      name: title,
      description: form.description || `${title}, with the provenance of every result.`,
      datePublished: isoTime(now.getTime() * 1000),
      license: licenceOf(form.licence),
      author: [...leaving.users.keys()].map((id) => ref(personId(id))),
      conformsTo: conforms.map(([id]) => ref(id)),
      mainEntity: main === null ? undefined : ref(main),
      hasPart: refs([...parts, 'README.md']),
      mentions: refs(mentions),
    },
    {
      '@id': 'README.md',
      '@type': 'File',
      about: ref('./'),
      encodingFormat: 'text/markdown',
      name: 'README',
    },
    ...conforms.map(([id, name, profileVersion]): Entity => ({
      '@id': id,
      '@type': 'CreativeWork',
      name,
      version: profileVersion,
    })),
    ...(form.licence === '' ? [noLicence] : []),
    ...[...leaving.users.values()].map(({ id, name, email, institution }): Entity => ({
      '@id': personId(id),
      '@type': 'Person',
      name: name || email,
      email: `mailto:${email}`,
      affiliation: institution === '' ? undefined : institution,
    })),
    {
      '@id': engineId,
      '@type': 'SoftwareApplication',
      name: 'Workflow engine',
      description: 'The engine that ran the steps: AiiDA or Stemma, which record provenance alike.',
      url: 'https://www.aiida.net/',
    },
    {
      '@id': '#stemma',
      '@type': 'SoftwareApplication',
      name: 'Stemma',
      softwareVersion: version,
      description: 'It wrote this crate from recorded provenance.',
    },
  ];
}

const noLicence: Entity = {
  '@id': '#no-licence',
  '@type': 'CreativeWork',
  name: 'No licence was stated',
  description: 'Ask the authors before you use it.',
};

/** An address stays one; an SPDX identifier becomes its address. */
function licenceOf(licence: string): unknown {
  if (licence === '') return ref('#no-licence');
  return ref(
    /^https?:\/\//.test(licence) ? licence : `https://spdx.org/licenses/${encodeURIComponent(licence)}`,
  );
}
