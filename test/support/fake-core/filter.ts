import { assertNever } from '#shared/base/assert.ts';
import { userError } from '#shared/base/errors.ts';
import { parseFilter } from '#shared/query/parse.ts';
import { typeWords } from '#shared/query/fields.ts';
import type { AgeUnit, Comparison, Filter } from '#shared/query/tree.ts';
import { isTerminal, type ProcessState } from '#shared/process/states.ts';
import type { FakeNode, World } from './world.ts';

const unitMs: Readonly<Record<AgeUnit, number>> = {
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
  y: 31_557_600_000,
};

function compare(a: number, sign: Comparison, b: number): boolean {
  switch (sign) {
    case '=':
      return a === b;
    case '>':
      return a > b;
    case '>=':
      return a >= b;
    case '<':
      return a < b;
    case '<=':
      return a <= b;
    default:
      return assertNever(sign);
  }
}

const glob = (pattern: string): RegExp =>
  new RegExp(`^${pattern.replaceAll(/[.+?^${}()|[\]\\]/g, String.raw`\$&`).replaceAll('*', '.*')}$`, 'i');

/** A test of a node; enough of the language for a fake. @throws StemmaError `bad-filter` */
export function filterTest(world: World, text: string): (node: FakeNode) => boolean {
  const parsed = parseFilter(text);
  if (!parsed.ok) throw userError({ code: 'bad-filter', message: parsed.error.message, subject: text });
  const test = (filter: Filter, node: FakeNode): boolean => {
    switch (filter.kind) {
      case 'all':
        return true;
      case 'and':
        return filter.parts.every((part) => test(part, node));
      case 'or':
        return filter.parts.some((part) => test(part, node));
      case 'not':
        return !test(filter.part, node);
      case 'words':
        return `${world.nameOf(node)} ${node.className} ${node.description} ${node.summary}`
          .toLowerCase()
          .includes(filter.text.toLowerCase());
      case 'state': {
        const { process } = node;
        if (process === null) return false;
        const ended = isTerminal(process.state as ProcessState) || process.state === 'failed';
        return filter.states.some((word) =>
          word === 'needs-you'
            ? process.activity.needsYou === true
            : word === 'active'
              ? !ended
              : word === 'ended'
                ? ended
                : word === process.state,
        );
      }
      case 'type':
        return filter.types.some((word) =>
          (typeWords[word] ?? [word]).some(
            (prefix) =>
              node.nodeType.startsWith(prefix) || node.className.toLowerCase() === word.toLowerCase(),
          ),
        );
      case 'text': {
        const fields = {
          label: node.label,
          description: node.description,
          name: world.nameOf(node),
          computer: node.process?.computer ?? '',
          plugin: node.processType,
          user: 'ada@example.org',
          group: world.groups.find(({ nodes }) => nodes.has(node.uuid))?.label ?? '',
        };
        const value = fields[filter.field];
        return filter.values.some((wanted) =>
          filter.match === 'has'
            ? value.toLowerCase().includes(wanted.toLowerCase())
            : glob(wanted).test(value),
        );
      }
      case 'uuid':
        return filter.prefixes.some((prefix) => node.uuid.startsWith(prefix));
      case 'number': {
        const value = filter.field === 'pk' ? node.pk : (node.process?.exitStatus ?? null);
        return value !== null && filter.values.some((wanted) => compare(value, filter.compare, wanted));
      }
      case 'time': {
        const { value } = filter;
        const at =
          value.kind === 'ago' ? Date.now() - value.amount * unitMs[value.unit] : Date.parse(value.text);
        return compare(filter.field === 'ctime' ? node.ctime : node.mtime, filter.compare, at);
      }
      case 'json':
        return false;
      default:
        return assertNever(filter);
    }
  };
  return (node) => test(parsed.value, node);
}
