import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { LinkColumns } from '#main/archive/aiida/import/link-columns.ts';
import { topologicalOrder } from '#main/archive/aiida/import/link-order.ts';
import { checkLinkRules } from '#main/archive/aiida/import/link-rules.ts';
import { NodeRole } from '#main/archive/aiida/import/node-table.ts';
import { linkRules, linkTypes, type LinkType } from '#shared/provenance/links.ts';

interface Link {
  readonly source: number;
  readonly target: number;
  readonly type: LinkType;
  readonly label: string;
}

const nodes = 9;
const link: fc.Arbitrary<Link> = fc.record({
  source: fc.nat(nodes - 1),
  target: fc.nat(nodes - 1),
  type: fc.constantFrom(...linkTypes),
  label: fc.constantFrom('a', 'b', ''),
});
const links = fc.array(link, { maxLength: 14 });
const roles = fc.array(fc.constantFrom(...Object.values(NodeRole)), { minLength: nodes, maxLength: nodes });

const columns = (list: readonly Link[]): LinkColumns => {
  const out = new LinkColumns();
  for (const { source, target, type, label } of list) out.add(source, target, type, label);
  return out;
};

const roleNames = { data: NodeRole.data, calculation: NodeRole.calculation, workflow: NodeRole.workflow };

/** AiiDA's table, read naively: every link against every other. */
function isAllowed(list: readonly Link[], role: (node: number) => NodeRole): boolean {
  return list.every((one, i) => {
    const rule = linkRules[one.type];
    if (one.source === one.target || one.label === '') return false;
    if (role(one.source) !== roleNames[rule.source] || role(one.target) !== roleNames[rule.target])
      return false;
    return list.every((other, j) => {
      if (i === j || other.type !== one.type) return true;
      const sameSource = other.source === one.source;
      const sameTarget = other.target === one.target;
      const sameLabel = other.label === one.label;
      return (
        !(rule.incoming === 'unique' && sameTarget) &&
        !(rule.incoming === 'unique-label' && sameTarget && sameLabel) &&
        !(rule.outgoing === 'unique-label' && sameSource && sameLabel) &&
        !(sameSource && sameTarget && sameLabel)
      );
    });
  });
}

describe('the rules of links', () => {
  test('are judged as by comparing every link with every other', () => {
    fc.assert(
      fc.property(links, roles, (list, kinds) => {
        const role = (node: number): NodeRole => kinds[node] ?? NodeRole.other;
        expect(checkLinkRules(columns(list), role).length === 0).toBe(isAllowed(list, role));
      }),
      { numRuns: 2000 },
    );
  });

  test('allow what AiiDA allows, and the same link twice only once it is one', () => {
    const role = (node: number): NodeRole => ([0, 1, 0, 2][node] ?? 3) as NodeRole;
    const list: Link[] = [
      { source: 0, target: 1, type: 'input_calc', label: 'x' },
      { source: 0, target: 1, type: 'input_calc', label: 'y' },
      { source: 1, target: 2, type: 'create', label: 'result' },
      { source: 3, target: 1, type: 'call_calc', label: 'CALL' },
      { source: 3, target: 2, type: 'return', label: 'result' },
    ];
    expect(checkLinkRules(columns(list), role)).toEqual([]);
    const twice = columns([...list, ...list]);
    expect(checkLinkRules(twice, role).length).toBeGreaterThan(0);
    expect(checkLinkRules(twice.withoutDuplicates(), role)).toEqual([]);
    expect(checkLinkRules(columns([...list, { ...list[2], label: 'other' } as Link]), role)).toEqual([
      { node: 2, message: 'it has more than one incoming create link' },
    ]);
  });
});

const isOrdering = ({ type }: Link): boolean =>
  type === 'input_calc' || type === 'create' || type === 'call_work';

/** Whether a node leads to itself by the links that may not close a circle. */
function onCycle(list: readonly Link[], node: number): boolean {
  const reached = new Set<number>();
  const queue = [node];
  for (let n = queue.pop(); n !== undefined; n = queue.pop()) {
    for (const next of list.filter((one) => isOrdering(one) && one.source === n)) {
      if (next.target === node) return true;
      if (!reached.has(next.target)) {
        reached.add(next.target);
        queue.push(next.target);
      }
    }
  }
  return false;
}

describe('the order of links', () => {
  test('has every link once, and a source before all that descends from it; or names a node on a cycle', () => {
    fc.assert(
      fc.property(links, (list) => {
        const order = topologicalOrder(columns(list), nodes);
        const cyclic = Array.from({ length: nodes }, (_, node) => node).some((node) => onCycle(list, node));
        expect(order.kind).toBe(cyclic ? 'cycle' : 'ordered');
        if (order.kind === 'cycle') {
          expect(onCycle(list, order.node)).toBe(true);
          return;
        }
        expect([...order.links].toSorted((a, b) => a - b)).toEqual(list.map((_, i) => i));
        const sources = new Set<number>();
        for (const at of order.links) {
          const one = list[at];
          if (one === undefined || !isOrdering(one)) continue;
          // the target leads nowhere yet
          expect(sources.has(one.target)).toBe(false);
          sources.add(one.source);
        }
      }),
      { numRuns: 2000 },
    );
  });

  test('is found for a chain of a hundred thousand, written from its end to its start', () => {
    const count = 100_000;
    const chain = new LinkColumns();
    for (let node = count - 1; node > 0; node--)
      chain.add(node - 1, node, node % 2 === 0 ? 'create' : 'input_calc', 'x');
    const order = topologicalOrder(chain, count);
    expect(order.kind === 'ordered' && chain.source[order.links[0] ?? 0]).toBe(0);
  });
});
