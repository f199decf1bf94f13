import type { NodeId } from '#shared/provenance/ids.ts';
import type { Changes } from './types.ts';

/** What one transaction touches. */
export class ChangeCollector implements Changes {
  readonly everything = false;
  readonly nodes = new Set<NodeId>();
  readonly surroundings = new Set<NodeId>();
  groups = false;
  computers = false;
  settings = false;

  get isEmpty(): boolean {
    return (
      this.nodes.size === 0 &&
      this.surroundings.size === 0 &&
      !this.groups &&
      !this.computers &&
      !this.settings
    );
  }
}

/** Another connection has written: whatever is shown may be old. */
export const everythingChanged: Changes = {
  everything: true,
  nodes: new Set(),
  surroundings: new Set(),
  groups: true,
  computers: true,
  settings: true,
};
