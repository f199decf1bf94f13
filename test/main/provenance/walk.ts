import fc from 'fast-check';
import type Database from 'better-sqlite3';
import { expect } from 'vitest';
import { checkGraph } from '#main/provenance/read/check.ts';
import { ReadSession } from '#main/provenance/read/session.ts';
import type { ProvenanceStore } from '#main/provenance/types.ts';
import type { NodeId } from '#shared/provenance/ids.ts';
import { linkTypes } from '#shared/provenance/links.ts';
import { NodeType } from '#shared/provenance/node-types.ts';
import { build } from '../../support/profile-database.ts';
import { attacks, type Attack } from './attacks.ts';
import { GraphModel, ownerOf, type ModelKind, type ModelLink } from './graph-model.ts';

const nodeTypes: Readonly<Record<ModelKind, string>> = {
  data: NodeType.int,
  calculation: NodeType.calcJob,
  workflow: NodeType.workChain,
};

const pick = fc.nat(1_000_000);
/** One step of a random walk; nodes and links are chosen by a number, among those that are there. */
export const step = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant('node' as const),
      of: fc.constantFrom<ModelKind>('data', 'calculation', 'workflow'),
    }),
  },
  {
    weight: 14,
    arbitrary: fc.record({
      kind: fc.constant('link' as const),
      source: pick,
      target: pick,
      type: fc.constantFrom(...linkTypes),
      label: fc.constantFrom('x', 'y', 'z'),
    }),
  },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('seal' as const), node: pick }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('patch' as const), node: pick, value: fc.nat(9) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('delete' as const), node: pick }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('delete-closure' as const), node: pick }) },
  {
    weight: 8,
    arbitrary: fc.record({ kind: fc.constant('attack' as const), attack: pick, node: pick, link: pick }),
  },
);
export type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

/** One profile, its model, and a stranger's connection that asks SQLite directly. */
export class Walk {
  readonly model = new GraphModel();
  readonly #store: ProvenanceStore;
  readonly #raw: Database.Database;

  constructor(store: ProvenanceStore, raw: Database.Database) {
    this.#store = store;
    this.#raw = raw;
  }

  /** Does the same to both; the two must agree on whether it is allowed. */
  run(one: Step): void {
    switch (one.kind) {
      case 'node':
        return this.#addNode(one.of);
      case 'link': {
        const [source, target] = [this.#node(one.source), this.#node(one.target)];
        if (source !== null && target !== null) this.#addLink({ ...one, source, target });
        return;
      }
      case 'seal':
      case 'patch':
        return this.#change(one);
      case 'delete':
      case 'delete-closure':
        return this.#remove(one);
      case 'attack':
        return this.#attack(one);
    }
  }

  #node(seed: number): number | null {
    const ids = [...this.model.nodes.keys()];
    return ids[seed % ids.length] ?? null;
  }

  /** Whether it was done; what it throws must be one of our refusals. */
  #tried(work: () => void): boolean {
    try {
      work();
      return true;
    } catch (error) {
      expect((error as { code?: string }).code).toMatch(/^(link-refused|node-sealed)$|^SQLITE_CONSTRAINT/);
      return false;
    }
  }

  #addNode(kind: ModelKind): void {
    const id = build(this.#store, (graph) => graph.node(nodeTypes[kind]));
    this.model.nodes.set(id, { kind, sealed: kind === 'data', attributes: '{}' });
  }

  #addLink(link: ModelLink): void {
    const [source, target] = [link.source as NodeId, link.target as NodeId];
    const done = this.#tried(() =>
      build(this.#store, (graph) => graph.link(source, target, link.type, link.label)),
    );
    expect(done).toBe(this.model.allows(link));
    if (done) this.model.links.push({ source, target, type: link.type, label: link.label });
  }

  #change(one: Extract<Step, { kind: 'seal' | 'patch' }>): void {
    const id = this.#node(one.node);
    const node = id === null ? undefined : this.model.nodes.get(id);
    if (id === null || node === undefined) return;
    const done = this.#tried(() =>
      this.#store.write((tx) =>
        one.kind === 'seal' ? tx.seal(id as NodeId) : tx.patchAttributes(id as NodeId, { a: one.value }, 1),
      ),
    );
    expect(done).toBe(!node.sealed);
    if (!done) return;
    const attributes = {
      ...JSON.parse(node.attributes),
      ...(one.kind === 'seal' ? { sealed: true } : { a: one.value }),
    };
    node.attributes = JSON.stringify(attributes);
    node.sealed = one.kind === 'seal';
  }

  #remove(one: Extract<Step, { kind: 'delete' | 'delete-closure' }>): void {
    const id = this.#node(one.node);
    if (id === null) return;
    const gone = one.kind === 'delete' ? new Set([id]) : this.model.closure(id);
    const done = this.#tried(() => this.#delete(gone));
    expect(done).toBe(this.model.mayGo(gone));
    if (one.kind === 'delete-closure') expect(done).toBe(true);
    if (done) this.model.remove(gone);
  }

  #delete(gone: ReadonlySet<number>): void {
    this.#inTransaction([
      ...[...gone].map((id) => `DELETE FROM nodes WHERE id = ${id}`),
      ...[...gone].map((id) => {
        const types = {
          data: `('')`,
          calculation: `('input_calc', 'create')`,
          workflow: `('input_work', 'return', 'call_calc', 'call_work')`,
        };
        const kind = this.model.nodes.get(id)?.kind ?? 'data';
        const isInput = `type IN ('input_calc', 'input_work')`;
        return `DELETE FROM links WHERE type IN ${types[kind]} AND CASE WHEN ${isInput} THEN target_id ELSE source_id END = ${id}`;
      }),
    ]);
  }

  #attack({ attack: seed, node: nodeSeed, link: linkSeed }: Extract<Step, { kind: 'attack' }>): void {
    const attack = attacks[seed % attacks.length] as Attack;
    const link = this.model.links[linkSeed % this.model.links.length];
    const candidates = [...this.model.nodes].flatMap(([id, node]) => {
      const linked = this.model.links.some(({ source, target }) => source === id || target === id);
      return node.sealed && (attack.on !== 'linked' || linked) ? [id] : [];
    });
    const node = candidates[nodeSeed % candidates.length];
    if ((attack.on === 'link' && link === undefined) || (attack.on !== 'link' && node === undefined)) return;
    const linkId =
      link === undefined
        ? 0
        : (this.#raw
            .prepare('SELECT id FROM links WHERE source_id = ? AND target_id = ? AND type = ? AND label = ?')
            .pluck()
            .get(link.source, link.target, link.type, link.label) as number);
    const done = this.#tried(() => this.#inTransaction(attack.sql(node ?? 0, linkId)));
    expect(done, `the database let it happen: ${attack.sql(node ?? 0, linkId).join('; ')}`).toBe(false);
  }

  #inTransaction(statements: readonly string[]): void {
    this.#raw.exec('BEGIN IMMEDIATE');
    try {
      for (const sql of statements) this.#raw.exec(sql);
      this.#raw.exec('COMMIT');
    } finally {
      if (this.#raw.inTransaction) this.#raw.exec('ROLLBACK');
    }
  }

  /** The database holds exactly what the model holds, and its own check finds nothing. */
  compare(): void {
    const rows = this.#raw.prepare('SELECT id, sealed, attributes FROM nodes ORDER BY id').raw().all();
    expect(
      rows.map((row) => (row as [number, number, string]).with(2, JSON.parse((row as string[])[2] ?? ''))),
    ).toEqual(
      [...this.model.nodes].map(([id, node]) => [id, Number(node.sealed), JSON.parse(node.attributes)]),
    );
    const links = this.#raw
      .prepare('SELECT source_id AS source, target_id AS target, type, label FROM links')
      .all();
    const sorted = (list: readonly unknown[]): string[] =>
      list.map((link) => JSON.stringify(link)).toSorted();
    expect(sorted(links)).toEqual(sorted(this.model.links));
    const { problems } = checkGraph(new ReadSession(this.#raw, { hasSearchIndex: true, now: Date.now }));
    expect(problems.filter(({ code }) => code !== 'nobody-runs-it')).toEqual([]);
    for (const link of this.model.links) expect(this.model.nodes.has(ownerOf(link))).toBe(true);
  }
}
