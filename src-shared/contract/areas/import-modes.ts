/**
 * What becomes of the extras of a node that is here already, by AiiDA's names (`verdi archive import
 * --extras-mode-existing`): as they are here; what is lacking here is added; what the archive has is taken over as well;
 * exactly those of the archive.
 */
export const extrasModes = ['none', 'keep_existing', 'update_existing', 'mirror'] as const;
export type ExtrasMode = (typeof extrasModes)[number];

/** Whether a node that comes in brings its extras. */
export const newExtrasModes = ['import', 'none'] as const;

/** A comment that is here with another text: stays; gives way to a later one; gives way to the archive's. */
export const commentModes = ['leave', 'newest', 'overwrite'] as const;
export type CommentMode = (typeof commentModes)[number];
