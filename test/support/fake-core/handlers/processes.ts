import { operationalError, userError } from '#shared/base/errors.ts';
import { ruleWords } from '#shared/process/rule-words.ts';
import type { Handlers } from '#shared/channel/server.ts';
import type {
  CacheReport,
  ProcessDetail,
  ProcessRow,
  ProcessTableItem,
} from '#shared/contract/areas/processes.ts';
import type { processesArea } from '#shared/contract/areas/processes.ts';
import { noActivity } from '../build-process.ts';
import { filterTest } from '../filter.ts';
import { bytes, pwOutput } from '../texts.ts';
import { watch, watchValue } from '../watch.ts';
import { type FakeLink, type FakeNode, isCopy, type World } from '../world.ts';

const endStates = new Set(['finished', 'failed', 'excepted', 'killed']);

export function nodeOf(world: World, uuid: string): FakeNode {
  const node = world.byUuid.get(uuid);
  if (node !== undefined) return node;
  throw userError({
    code: 'no-node',
    message: 'There is no such node in this profile.',
    subject: uuid,
    hint: 'It may be in another profile, or in an archive that is not open.',
  });
}

export function rowOf(world: World, node: FakeNode): ProcessRow {
  const { process } = node;
  if (process === null)
    throw userError({ code: 'no-process', message: 'This node is no process.', subject: node.uuid });
  return {
    uuid: node.uuid,
    pk: node.pk,
    kind: process.kind,
    name: node.className,
    label: node.label,
    state: process.state,
    exitStatus: process.exitStatus,
    activity: process.activity,
    computer: process.computer,
    caller: process.caller === null ? null : (world.nodes.get(process.caller)?.uuid ?? null),
    ctime: node.ctime,
    mtime: node.mtime,
    ...(isCopy(node) && { cached: true }),
  };
}

export const endOf = (world: World, link: FakeLink, other: number): ProcessDetail['inputs'][number] => {
  const node = world.nodes.get(other);
  if (node === undefined) throw new Error(`A link to nowhere: ${link.from} -> ${link.to}`);
  return { label: link.label, type: link.type, node: world.ref(node) };
};

function detailOf(world: World, uuid: string): ProcessDetail {
  const node = nodeOf(world, uuid);
  const row = rowOf(world, node);
  const { process } = node;
  if (process === null) throw new Error('rowOf has checked it');
  const into = world.incoming.get(node.pk) ?? [];
  const out = world.outgoing.get(node.pk) ?? [];
  const callLink = into.find(({ type }) => type === 'call_calc' || type === 'call_work');
  const ended = endStates.has(process.state);
  return {
    node: world.ref(node),
    row,
    description: node.description,
    processType: node.processType,
    exitMessage: process.exitMessage,
    exception: process.exception,
    steps: process.steps,
    explanation: process.explanation,
    inputs: into.filter(({ type }) => type.startsWith('input')).map((link) => endOf(world, link, link.from)),
    outputs: out
      .filter(({ type }) => type === 'create' || type === 'return')
      .map((link) => endOf(world, link, link.to)),
    called: out.filter(({ type }) => type.startsWith('call')).map((link) => endOf(world, link, link.to)),
    resumed: process.resumed ?? null,
    caller: callLink === undefined ? null : endOf(world, callLink, callLink.from),
    iterations: process.iterations,
    scheduler: process.scheduler,
    log: process.log,
    rules: process.rules,
    can: {
      pause: !ended && process.state !== 'paused',
      play: process.state === 'paused',
      kill: !ended,
      launchAgain: ended,
      setRules: process.kind === 'calculation-job' && !ended,
      resume:
        node.nodeType.includes('workflow') &&
        ((process.state !== 'finished' && ended) || process.sources !== undefined),
    },
  };
}

type Change = 'pause' | 'play' | 'kill';

/** Does it, and refuses for what has ended, as the core does. */
function change(world: World, uuids: readonly string[], how: Change) {
  const failed: { uuid: string; message: string }[] = [];
  let done = 0;
  for (const uuid of uuids) {
    const node = nodeOf(world, uuid);
    const state = node.process?.state ?? 'finished';
    const reason = endStates.has(state)
      ? 'It has ended already.'
      : how === 'play' && state !== 'paused'
        ? 'It is not paused.'
        : node.process?.computer === 'basalt' && how === 'kill' && state === 'waiting'
          ? 'basalt could not be reached; the job may still run there.'
          : null;
    if (reason !== null) failed.push({ uuid, message: reason });
    else {
      const before = node.process?.activity ?? noActivity;
      if (how === 'kill') world.setState(node, 'killed');
      else if (how === 'pause') world.setState(node, 'paused', { ...before, reason: 'paused by you' });
      else world.setState(node, 'waiting', { ...before, reason: '' });
      done++;
    }
  }
  world.touch();
  return { done, failed };
}

/** A copy where its extras say so; else a run beside the one before it, which had another first input. */
function cacheOf(world: World, node: FakeNode): CacheReport {
  const { kind, state } = rowOf(world, node);
  const source = world.byUuid.get(String(node.extras['_aiida_cached_from']));
  const takenOut = node.extras['_aiida_valid_cache'] === false;
  const usable = state === 'finished' && !takenOut;
  const why = takenOut
    ? 'It was taken out of the cache: equal launches run again.'
    : usable
      ? 'Equal launches may be answered with a copy of it.'
      : 'It failed, so equal launches run again.';
  const report: CacheReport = {
    kind: kind === 'workflow' ? 'always-runs' : source === undefined ? 'ran' : 'copy',
    headline: 'There was no earlier calculation of this type.',
    detail: '',
    source: source === undefined ? null : world.ref(source),
    savedMs: source === undefined ? null : 5_400_000,
    nearest: null,
    asSource: {
      usable,
      why,
      copies: usable ? 2 : 0,
      can: takenOut ? 'put-back' : usable ? 'take-out' : 'nothing',
    },
  };
  if (report.kind === 'copy') return { ...report, headline: 'Taken from the cache: nothing ran.' };
  if (report.kind === 'always-runs') {
    const headline = 'A workflow always runs. Its calculations are looked up in the cache one by one.';
    return {
      ...report,
      headline,
      asSource: { usable: false, why: 'Workflows are never copied.', copies: 0, can: 'nothing' },
    };
  }
  const before = world.processes.findLast(
    (other) => other.pk < node.pk && other.nodeType === node.nodeType && other.className === node.className,
  );
  if (before === undefined) return report;
  return {
    ...report,
    headline: 'No earlier calculation was equal. The nearest differs in “parameters”, “withmpi”.',
    detail:
      'The same inputs: 3 of 4. Compared with 28 earlier calculations. Now caching is off in the settings.',
    nearest: {
      node: world.ref(before),
      equalInputs: 3,
      inputs: 4,
      differences: [
        {
          kind: 'input',
          name: 'parameters',
          here: { uuid: node.uuid, words: 'Dict 3 keys' },
          there: { uuid: before.uuid, words: 'Dict 3 keys' },
          inside: [
            { path: 'SYSTEM.ecutwfc', here: '40.0', there: '30.0' },
            { path: 'SYSTEM.nspin', here: '2', there: null },
          ],
        },
        {
          kind: 'attribute',
          name: 'withmpi',
          here: { uuid: null, words: 'true' },
          there: { uuid: null, words: 'false' },
          inside: [],
        },
      ],
    },
  };
}

const stateOrder = ['created', 'running', 'waiting', 'paused', 'failed', 'excepted', 'killed', 'finished'];

const keys: Readonly<Record<string, (row: FakeNode, world: World) => string | number>> = {
  ctime: ({ ctime }) => ctime,
  mtime: ({ mtime }) => mtime,
  pk: ({ pk }) => pk,
  name: (node, world) => world.nameOf(node).toLowerCase(),
  state: ({ process }) => stateOrder.indexOf(process?.state ?? ''),
  computer: ({ process }) => process?.computer ?? '',
};

export function processHandlers(world: World): Handlers<typeof processesArea> {
  return {
    'processes.table': (input, { signal }) => {
      const test = filterTest(world, input.filter);
      const key = keys[input.sort] ?? keys['ctime'];
      let sent = new Map<number, string>();
      let lastOrder = '';
      return watch(world, signal, (first): ProcessTableItem | null => {
        const fitting = world.processes.filter(
          (node) => (!input.rootsOnly || node.process?.caller === null) && test(node),
        );
        const sign = input.descending ? -1 : 1;
        fitting.sort((a, b) => {
          const x = key?.(a, world) ?? 0;
          const y = key?.(b, world) ?? 0;
          return (x < y ? -1 : x > y ? 1 : a.pk - b.pk) * sign;
        });
        const part = fitting.slice(input.offset, input.offset + input.limit);
        const order = part.map(({ pk }) => pk);
        const counts = { ...world.counts };
        const needsYou = world.processes.filter((node) => node.process?.activity.needsYou === true).length;
        const rows = part.map((node) => rowOf(world, node));
        const texts = new Map(rows.map((row) => [row.pk, JSON.stringify(row)]));
        const changed = rows.filter(({ pk }) => sent.get(pk) !== texts.get(pk));
        const orderText = order.join();
        const item: ProcessTableItem = first
          ? { kind: 'window', total: fitting.length, counts, needsYou, order, rows }
          : {
              kind: 'change',
              total: fitting.length,
              counts,
              needsYou,
              order: orderText === lastOrder ? null : order,
              rows: changed,
            };
        const silent = !first && changed.length === 0 && orderText === lastOrder;
        sent = texts;
        lastOrder = orderText;
        return silent ? null : item;
      });
    },
    'processes.watch': ({ uuid }, { signal }) => watchValue(world, signal, () => detailOf(world, uuid)),
    'processes.workflowSource': ({ uuid }) =>
      nodeOf(world, uuid).process?.sources ?? { recorded: null, installed: null },
    'processes.pause': ({ uuids }) => change(world, uuids, 'pause'),
    'processes.play': ({ uuids }) => change(world, uuids, 'play'),
    'processes.kill': ({ uuids }) => change(world, uuids, 'kill'),
    'processes.cache': ({ uuid }) => cacheOf(world, nodeOf(world, uuid)),
    'processes.setCacheSource': ({ uuid, usable }) => {
      const { extras } = nodeOf(world, uuid);
      if (usable) delete extras['_aiida_valid_cache'];
      else extras['_aiida_valid_cache'] = false;
      world.touch();
      return {};
    },
    'processes.act': ({ uuid }) => {
      nodeOf(world, uuid);
      return {};
    },
    'processes.answer': ({ uuid, label, choice }) => {
      const node = nodeOf(world, uuid);
      const { process } = node;
      const question = process?.explanation?.question;
      const chosen = question?.choices.find(({ name }) => name === choice);
      if (process === null || question?.label !== label || chosen === undefined) {
        throw userError({
          code: 'not-asked',
          message: 'The question is no longer open: somebody has answered it.',
          subject: uuid,
        });
      }
      const now = Date.now();
      const { headline = '' } = process.explanation ?? {};
      process.log.push({
        time: now,
        level: 'REPORT',
        source: 'stemma.engine',
        message: `Ada Example answered “${chosen.label}” to: ${headline}`,
      });
      process.explanation = null;
      world.setState(node, 'waiting', { ...noActivity, step: 'step', words: 'running', since: now });
      world.touch();
      return {};
    },
    'processes.setRules': ({ uuid, rules }) => {
      const { process } = nodeOf(world, uuid);
      if (process === null) throw new Error('no process');
      process.rules = rules.map((rule) => ({
        rule,
        words: ruleWords(rule),
        last: null,
        checked: null,
        problem: '',
      }));
      world.touch();
      return {};
    },
    'processes.remoteFiles': () => ({
      files: [
        { path: '_scheduler-stdout.txt', size: 12 },
        { path: 'aiida.in', size: 884 },
        { path: 'aiida.out', size: bytes(pwOutput(world.liveSteps)).length },
        { path: 'out/aiida.save/charge-density.dat', size: 8_400_000 },
      ],
      isCut: false,
    }),
    'processes.remoteFile': ({ path, tailBytes, from }) => {
      if (path !== 'aiida.out')
        throw operationalError({
          code: 'remote-missing',
          message: `There is no file “${path}” in the work directory (yet).`,
        });
      const content = bytes(pwOutput(world.liveSteps));
      const start =
        from === undefined ? Math.max(0, content.length - tailBytes) : from > content.length ? 0 : from;
      return { size: content.length, from: start, bytes: content.slice(start, start + tailBytes) };
    },
  };
}
