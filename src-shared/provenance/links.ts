import type { NodeKind } from './node-types.ts';

/** AiiDA's six link types, as they stand in the database and in archives. */
export const linkTypes = ['input_calc', 'input_work', 'create', 'return', 'call_calc', 'call_work'] as const;

export type LinkType = (typeof linkTypes)[number];

/** Old archives have others (`createlink` …), which their steps rename first. */
export const isLinkType = (text: string): text is LinkType => (linkTypes as readonly string[]).includes(text);

/** How many links of one type may leave or enter a node. */
export type Degree =
  /** any number, as long as (source, target, type, label) differs */
  | 'unique-triple'
  /** at most one for each label */
  | 'unique-label'
  /** at most one */
  | 'unique';

type End = 'data' | 'calculation' | 'workflow';

/** One row of AiiDA's link table, and who owns the link. */
export interface LinkRule {
  readonly source: End;
  readonly target: End;
  readonly outgoing: Degree;
  readonly incoming: Degree;
  /**
   * The process whose provenance the link is part of. A link may be added only while its owner is not sealed, and
   * goes only together with its owner. AiiDA's rules for deletion that nobody can switch off follow from this.
   */
  readonly owner: 'source' | 'target';
}

/** Source: aiida-core 2.9, `orm/utils/links.py` (`validate_link`), and the design note on links. */
export const linkRules: Readonly<Record<LinkType, LinkRule>> = {
  input_calc: {
    source: 'data',
    target: 'calculation',
    outgoing: 'unique-triple',
    incoming: 'unique-label',
    owner: 'target',
  },
  input_work: {
    source: 'data',
    target: 'workflow',
    outgoing: 'unique-triple',
    incoming: 'unique-label',
    owner: 'target',
  },
  create: {
    source: 'calculation',
    target: 'data',
    outgoing: 'unique-label',
    incoming: 'unique',
    owner: 'source',
  },
  return: {
    source: 'workflow',
    target: 'data',
    outgoing: 'unique-label',
    incoming: 'unique-triple',
    owner: 'source',
  },
  call_calc: {
    source: 'workflow',
    target: 'calculation',
    outgoing: 'unique-triple',
    incoming: 'unique',
    owner: 'source',
  },
  call_work: {
    source: 'workflow',
    target: 'workflow',
    outgoing: 'unique-triple',
    incoming: 'unique',
    owner: 'source',
  },
};

/** Data provenance (what was made from what) is these two types, and has no cycle. `return` may close one. */
export const isDataProvenance = (type: LinkType): boolean => type === 'input_calc' || type === 'create';

const fits = (end: End, kind: NodeKind): boolean => end === kind || (end === 'data' && kind === 'code');

/** Whether a link of that type may join nodes of those kinds. */
export function linkJoins(type: LinkType, source: NodeKind, target: NodeKind): boolean {
  const rule = linkRules[type];
  return fits(rule.source, source) && fits(rule.target, target);
}

// `_{0,2}`, not `_?_?`: the latter matches one underscore in two ways, and a long label then takes for ever.
const labelPattern = /^[A-Za-z](?:_{0,2}[A-Za-z0-9])*$/;

/**
 * Whether AiiDA accepts the label of a link: letters, digits and underscores, a Python identifier, no underscore at
 * either end. Two underscores in a row separate the namespaces of a port, as in `pw__structure`.
 */
export const isLinkLabel = (label: string): boolean => labelPattern.test(label);
