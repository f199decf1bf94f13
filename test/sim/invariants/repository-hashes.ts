import { filesOf, readRepositoryTree } from '#shared/provenance/repository-tree.ts';

/** The objects that the tree of a node names, as it comes from a row. */
export const hashesIn = (text: string): readonly string[] =>
  text === '{}' ? [] : [...filesOf(readRepositoryTree(JSON.parse(text)))].map(([, hash]) => hash);
