import type Database from 'better-sqlite3';
import { userError } from '#shared/base/errors.ts';
import type { ExportSelection } from '#shared/contract/areas/sharing.ts';
import { isLinkType, type LinkType } from '#shared/provenance/links.ts';
import { exportRules, type TraversalRule, type TraversalRules } from '#shared/provenance/traversal-rules.ts';

/** Why a node comes along: it was chosen, or the first rule that led to it. */
export type Reason = 'chosen' | TraversalRule;

/**
 * Fills the temporary table `chosen (id, reason)` of the connection with the nodes that an export takes, and
 * `chosen_groups (id)` with its groups. Provenance is complete: the rules that nobody can switch off bring every link
 * of a process along.
 * @throws StemmaError `no-such-node`, `no-such-group`
 */
export function chooseNodes(
  db: Database.Database,
  selection: ExportSelection,
  signal: AbortSignal,
): Promise<void> {
  db.exec(`CREATE TEMP TABLE chosen (id INTEGER PRIMARY KEY, reason TEXT NOT NULL);
    CREATE TEMP TABLE chosen_groups (id INTEGER PRIMARY KEY)`);
  const { what } = selection;
  switch (what.kind) {
    case 'all':
      db.exec(
        `INSERT INTO chosen SELECT id, 'chosen' FROM nodes; INSERT INTO chosen_groups SELECT id FROM groups`,
      );
      return Promise.resolve();
    case 'group': {
      const found = db
        .prepare('INSERT INTO chosen_groups SELECT id FROM groups WHERE uuid = ?')
        .run(what.uuid);
      if (found.changes === 0) throw noSuch('group', what.uuid);
      const members = db
        .prepare<[], number>(
          'SELECT node_id FROM group_nodes WHERE group_id = (SELECT id FROM chosen_groups) ORDER BY node_id',
        )
        .pluck();
      return follow(db, members.all(), rulesOf(selection), signal);
    }
    case 'nodes': {
      const find = db.prepare<[string], number>('SELECT id FROM nodes WHERE uuid = ?').pluck();
      const ids = what.uuids.map((uuid) => {
        const id = find.get(uuid);
        if (id === undefined) throw noSuch('node', uuid);
        return id;
      });
      return follow(db, ids, rulesOf(selection), signal);
    }
  }
}

export const rulesOf = (selection: ExportSelection): TraversalRules => ({
  ...exportRules,
  ...selection.rules,
});

const noSuch = (what: 'node' | 'group', uuid: string): Error =>
  userError({
    code: `no-such-${what}`,
    message: `There is no ${what} ${uuid} in this profile.`,
    subject: uuid,
  });

interface End {
  readonly node: number;
  readonly type: LinkType;
}

/** Breadth first, so that the reason of a node is the shortest way to it. */
async function follow(
  db: Database.Database,
  start: readonly number[],
  rules: TraversalRules,
  signal: AbortSignal,
): Promise<void> {
  const targets = db.prepare<[number], End>('SELECT target_id AS node, type FROM links WHERE source_id = ?');
  const sources = db.prepare<[number], End>('SELECT source_id AS node, type FROM links WHERE target_id = ?');
  const insert = db.prepare<[number, Reason]>('INSERT OR IGNORE INTO chosen VALUES (?, ?)');
  const queue: number[] = [];
  const visit = (node: number, reason: Reason): void => {
    if (insert.run(node, reason).changes === 1) queue.push(node);
  };
  const along = (ends: readonly End[], way: 'forward' | 'backward'): void => {
    for (const { node, type } of ends) {
      if (!isLinkType(type)) continue;
      const rule: TraversalRule = `${type}_${way}`;
      if (rules[rule]) visit(node, rule);
    }
  };
  for (const node of start) visit(node, 'chosen');
  for (let at = 0; at < queue.length; at++) {
    const node = queue[at] ?? 0;
    along(targets.all(node), 'forward');
    along(sources.all(node), 'backward');
    if (at % 5000 === 0) {
      await new Promise((resolve) => {
        setImmediate(resolve);
      });
      signal.throwIfAborted();
    }
  }
}
