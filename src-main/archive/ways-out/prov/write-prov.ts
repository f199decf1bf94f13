import { closeSync, fsyncSync, openSync, writeSync } from 'node:fs';
import type { Progress } from '#shared/contract/common.ts';
import { version } from '../../../version.ts';
import type { Leaving, LeavingNode } from '../leaving.ts';
import { processFacts } from '../process-facts.ts';

export interface ProvRequest {
  readonly leaving: Leaving;
  /** Not there yet. */
  readonly file: string;
  readonly progress: (progress: Progress) => void;
  readonly signal: AbortSignal;
}

type Member = readonly [id: string, value: Readonly<Record<string, unknown>>];

/** What AiiDA's nodes say beyond PROV stands under a prefix of its own. */
const prefixes = {
  uuid: 'urn:uuid:',
  person: 'urn:stemma:person:',
  software: 'urn:stemma:software:',
  aiida: 'https://www.aiida.net/ns/provenance#',
  xsd: 'http://www.w3.org/2001/XMLSchema#',
} as const;

const nodeId = ({ uuid }: { readonly uuid: string }): string => `uuid:${uuid}`;
const personId = (user: number): string => `person:${user}`;
const iso = (microseconds: number): string => new Date(microseconds / 1000).toISOString();
const isActivity = ({ kind }: LeavingNode): boolean => kind === 'calculation' || kind === 'workflow';

/**
 * Writes a PROV-JSON document (W3C member submission, 24 April 2013, https://www.w3.org/submissions/prov-json/): data and
 * groups are entities, processes activities, users agents. A workflow returns what a calculation made, which is no second
 * generation: it stands as an influence of type `aiida:return`.
 */
export async function writeProv({
  leaving,
  file,
  progress,
  signal,
}: ProvRequest): Promise<{ bytes: number }> {
  const fd = openSync(file, 'wx', 0o644);
  let bytes = 0;
  const write = (text: string): void => {
    bytes += writeSync(fd, text);
  };
  try {
    write(`{"prefix": ${JSON.stringify(prefixes)}`);
    let done = 0;
    for (const [name, members] of sections(leaving)) {
      let waiting: string[] = [];
      let count = 0;
      for (const [id, value] of members) {
        const before = count++ === 0 ? `,\n${JSON.stringify(name)}: {\n` : ',\n';
        waiting.push(`${before}${JSON.stringify(id)}: ${JSON.stringify(value)}`);
        if (waiting.length < 500) continue;
        write(waiting.join(''));
        waiting = [];
        progress({ done, total: leaving.nodes.size, unit: 'nodes', words: 'Writing PROV-JSON' });
        await new Promise((resolve) => {
          setImmediate(resolve);
        });
        signal.throwIfAborted();
      }
      if (count > 0) write(`${waiting.join('')}\n}`);
      if (name === 'entity' || name === 'activity') done += count;
    }
    write('\n}\n');
    fsyncSync(fd);
    return { bytes };
  } finally {
    closeSync(fd);
  }
}

function* sections(leaving: Leaving): Generator<readonly [name: string, members: Iterable<Member>]> {
  yield ['entity', entities(leaving)];
  yield ['activity', activities(leaving)];
  yield ['agent', agents(leaving)];
  const links = (of: (link: Leaving['links'][number]) => Member[1] | null) => relations(leaving, of);
  yield [
    'used',
    links(({ type, source, target, label }) =>
      type === 'input_calc' || type === 'input_work'
        ? {
            'prov:activity': nodeId(target),
            'prov:entity': nodeId(source),
            'prov:role': label,
            'aiida:link': type,
          }
        : null,
    ),
  ];
  yield [
    'wasGeneratedBy',
    links(({ type, source, target, label }) =>
      type === 'create'
        ? {
            'prov:entity': nodeId(target),
            'prov:activity': nodeId(source),
            'prov:time': iso(target.ctime),
            'prov:role': label,
            'aiida:link': type,
          }
        : null,
    ),
  ];
  yield [
    'wasInformedBy',
    links(({ type, source, target, label }) =>
      type === 'call_calc' || type === 'call_work'
        ? {
            'prov:informed': nodeId(target),
            'prov:informant': nodeId(source),
            'aiida:label': label,
            'aiida:link': type,
          }
        : null,
    ),
  ];
  yield [
    'wasInfluencedBy',
    links(({ type, source, target, label }) =>
      type === 'return'
        ? {
            'prov:influencee': nodeId(target),
            'prov:influencer': nodeId(source),
            'prov:type': { $: 'aiida:return', type: 'prov:QUALIFIED_NAME' },
            'aiida:label': label,
            'aiida:link': type,
          }
        : null,
    ),
  ];
  yield ['wasAssociatedWith', people(leaving, true)];
  yield ['wasAttributedTo', people(leaving, false)];
  yield ['hadMember', memberships(leaving)];
}

function* entities(leaving: Leaving): Generator<Member> {
  for (const node of leaving.nodes.values()) {
    if (isActivity(node)) continue;
    yield [
      nodeId(node),
      { ...common(node), 'aiida:ctime': time(node.ctime), 'aiida:attributes': leaving.attributesText(node) },
    ];
  }
  for (const group of leaving.groups) {
    yield [
      nodeId(group),
      {
        'prov:type': { $: 'prov:Collection', type: 'prov:QUALIFIED_NAME' },
        'prov:label': group.label,
        'aiida:description': group.description,
      },
    ];
  }
}

function* activities(leaving: Leaving): Generator<Member> {
  const groups = new Map<number, string[]>();
  for (const { label, members } of leaving.groups) {
    for (const { id } of members) groups.set(id, [...(groups.get(id) ?? []), label]);
  }
  for (const node of leaving.processes()) {
    const facts = processFacts(leaving, node);
    const computer = node.computer === null ? undefined : leaving.computers.get(node.computer);
    yield [
      nodeId(node),
      {
        'prov:startTime': iso(node.ctime),
        'prov:endTime': iso(node.mtime),
        ...common(node),
        'aiida:process_type': node.processType,
        'aiida:process_state': facts.state,
        ...(facts.exitStatus === null ? {} : { 'aiida:exit_status': facts.exitStatus }),
        ...(facts.exitMessage === '' ? {} : { 'aiida:exit_message': facts.exitMessage }),
        ...(computer === undefined ? {} : { 'aiida:computer': `${computer.label} (${computer.hostname})` }),
        // a member of a collection is an entity: the groups of a process stand at it
        ...(groups.has(node.id) ? { 'aiida:group': groups.get(node.id) } : {}),
        'aiida:attributes': leaving.attributesText(node),
      },
    ];
  }
}

const time = (microseconds: number) => ({ $: iso(microseconds), type: 'xsd:dateTime' });

const common = (node: LeavingNode) => ({
  'prov:label': node.name,
  'aiida:node_type': node.nodeType,
  ...(node.description === '' ? {} : { 'aiida:description': node.description }),
});

function* agents(leaving: Leaving): Generator<Member> {
  for (const { id, name, email, institution } of leaving.users.values()) {
    yield [
      personId(id),
      {
        'prov:type': { $: 'prov:Person', type: 'prov:QUALIFIED_NAME' },
        'prov:label': name || email,
        'aiida:email': email,
        ...(institution === '' ? {} : { 'aiida:institution': institution }),
      },
    ];
  }
  yield [
    'software:stemma',
    {
      'prov:type': { $: 'prov:SoftwareAgent', type: 'prov:QUALIFIED_NAME' },
      'prov:label': `Stemma ${version}, which wrote this document`,
    },
  ];
}

function* relations(
  leaving: Leaving,
  of: (link: Leaving['links'][number]) => Member[1] | null,
): Generator<Member> {
  for (const [i, link] of leaving.links.entries()) {
    const value = of(link);
    if (value !== null) yield [`_:l${i}`, value];
  }
}

function* people(leaving: Leaving, ofActivities: boolean): Generator<Member> {
  for (const node of leaving.nodes.values()) {
    if (isActivity(node) !== ofActivities) continue;
    const agent = { 'prov:agent': personId(node.user) };
    yield ofActivities
      ? [`_:a${node.id}`, { 'prov:activity': nodeId(node), ...agent }]
      : [`_:t${node.id}`, { 'prov:entity': nodeId(node), ...agent }];
  }
}

function* memberships(leaving: Leaving): Generator<Member> {
  for (const [i, group] of leaving.groups.entries()) {
    for (const node of group.members) {
      if (!isActivity(node))
        yield [`_:m${i}-${node.id}`, { 'prov:collection': nodeId(group), 'prov:entity': nodeId(node) }];
    }
  }
}
