import { withoutMembers } from '../import/json-text.ts';

/** The attributes of a process without what only the AiiDA that ran it could go on from; every other text stays. */
export const withoutCheckpoints = (attributes: string): string =>
  attributes.includes('"checkpoints"')
    ? withoutMembers(attributes, (key) => key === 'checkpoints')
    : attributes;
