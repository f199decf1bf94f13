import type { LinkType } from '#shared/provenance/links.ts';

const words: Readonly<Record<LinkType, string>> = {
  input_calc: 'input of a calculation',
  input_work: 'input of a workflow',
  create: 'created',
  return: 'returned',
  call_calc: 'calls a calculation',
  call_work: 'calls a workflow',
};

/** A type of link as the tables say it. */
export const linkWords = (type: LinkType): string => words[type];
