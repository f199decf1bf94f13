import type { Handlers } from '#shared/channel/server.ts';
import type { Uuid } from '#shared/provenance/ids.ts';
import type { ProcessRow, ProcessTableItem } from '#shared/contract/areas/processes.ts';
import type { Contract } from '#shared/contract/contract.ts';
import type { JobLook } from '../computers/computer-runtime.ts';
import type { Computers } from '../computers/computers.ts';
import type { Turn } from '../computers/turns.ts';
import type { Engine } from '../engine/engine.ts';
import { needsPerson } from '../engine/needs-person.ts';
import type { InNeed, ProcessWindow } from '../provenance/read-api.ts';
import { profileSource, type Readers } from '../provenance/readers.ts';
import type { ProvenanceStore } from '../provenance/types.ts';
import { lookWhenChanged } from './changed.ts';
import { turnWords } from './process-page/words/of-computer.ts';

export interface ProcessTableDeps {
  readonly readers: Readers;
  readonly store: ProvenanceStore;
  readonly computers: Pick<Computers, 'held' | 'inNeed' | 'lookAt' | 'turnOf' | 'changes'>;
  readonly engine: Pick<Engine, 'states'>;
}

/** What does not go on before a person acts. */
function inNeed({ engine, computers }: Pick<ProcessTableDeps, 'engine' | 'computers'>): InNeed {
  const processes: string[] = [];
  for (const run of engine.states()) if (needsPerson(run)) processes.push(run.uuid);
  return { processes, computers: computers.inNeed() };
}

/** What only the computers know of the jobs in a window: how old what is said is, and when they may start. */
export const withLooks = (
  window: ProcessWindow,
  lookAt: (process: Uuid) => JobLook | null,
  turnOf: (process: Uuid) => Turn | null,
  need: InNeed,
): ProcessWindow => {
  const processes = new Set(need.processes);
  const computers = new Set(need.computers);
  return {
    ...window,
    rows: window.rows.map((row) => {
      const { activity } = row;
      if (activity.words === '') return row;
      const look = lookAt(row.uuid as Uuid);
      const turn = turnOf(row.uuid as Uuid);
      const start = activity.step === 'queue' ? (look?.expectedStart ?? null) : null;
      return {
        ...row,
        activity: {
          ...activity,
          ...(turn === null || activity.reason !== ''
            ? {}
            : { words: 'waits', reason: `for ${turnWords(turn.kind, turn.others)}`, since: turn.since }),
          ...(start === null ? {} : { until: start, untilWords: 'expected to start' }),
          ...(look?.isOld === true && look.seen !== null ? { seen: look.seen } : {}),
          ...(processes.has(row.uuid) || (computers.has(row.computer) && row.state !== 'paused')
            ? { needsYou: true }
            : {}),
        },
      };
    }),
  };
};

/** A job waits for its computer without a change of its own: the computer says why. */
export const withHeldComputers = (
  window: ProcessWindow,
  held: ReadonlyMap<string, string>,
): ProcessWindow => ({
  ...window,
  rows: window.rows.map((row) => {
    const why = row.activity.words === '' ? undefined : held.get(row.computer);
    return why === undefined ? row : { ...row, activity: { ...row.activity, reason: why } };
  }),
});

/** What a window of the table has been told, so that only what differs is sent. */
class TableView {
  #rows = new Map<number, string>();
  #order = '';
  #summary = '';

  /** The first time the whole window, then what changed; null where nothing did. */
  next({ total, counts, needsYou, rows }: ProcessWindow): ProcessTableItem | null {
    const isFirst = this.#summary === '';
    const order = rows.map((row) => row.pk);
    const summary = JSON.stringify([total, counts, needsYou]);
    const known = this.#rows;
    this.#rows = new Map(rows.map((row) => [row.pk, JSON.stringify(row)]));
    const changed = rows.filter((row: ProcessRow) => known.get(row.pk) !== this.#rows.get(row.pk));
    const orderText = order.join();
    const sameOrder = orderText === this.#order;
    const sameSummary = summary === this.#summary;
    this.#order = orderText;
    this.#summary = summary;
    if (isFirst) return { kind: 'window', total, counts, needsYou, order, rows: [...rows] };
    if (changed.length === 0 && sameOrder && sameSummary) return null;
    return { kind: 'change', total, counts, needsYou, order: sameOrder ? null : order, rows: changed };
  }
}

/** The live table: first the whole window, then only rows that differ. An archive never changes and is told once. */
export function makeProcessTableHandlers({
  readers,
  store,
  computers,
  engine,
}: ProcessTableDeps): Pick<Handlers<Contract>, 'processes.table'> {
  return {
    async *'processes.table'({ source, ...query }, { signal }) {
      const { reader } = readers.source(source);
      const view = new TableView();
      const isHere = source === profileSource;
      for await (const seen of lookWhenChanged(
        async () => {
          if (!isHere) return await reader.processWindow(query, signal);
          const need = inNeed({ engine, computers });
          const window = await reader.processWindow({ ...query, inNeed: need }, signal);
          return withLooks(
            withHeldComputers(window, computers.held()),
            (process) => computers.lookAt(process),
            (process) => computers.turnOf(process),
            need,
          );
        },
        isHere ? store.changes : null,
        (one) => one.everything || one.nodes.size > 0 || one.computers || one.groups,
        signal,
        isHere ? computers.changes : undefined,
      )) {
        const item = view.next(seen);
        if (item !== null) yield item;
      }
    },
  };
}
