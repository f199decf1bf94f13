import type { DeletionPreview } from '#shared/contract/areas/storage.ts';
import type { DeletionPlan } from '../provenance/read-api.ts';

/** Why a deletion cannot be done; empty where it can. */
export function obstaclesOf({
  unended,
  unendedCount,
  needed,
}: Pick<DeletionPlan, 'unended' | 'unendedCount' | 'needed'>): DeletionPreview['obstacles'] {
  const obstacles: DeletionPreview['obstacles'] = [];
  if (unendedCount > 0) {
    obstacles.push({
      message: 'Processes that have not ended cannot be deleted:',
      count: unendedCount,
      nodes: [...unended],
    });
  } else if (needed.length > 0) {
    obstacles.push({
      message: 'A process that has not ended still works with these nodes:',
      count: needed.length,
      nodes: [...needed],
    });
  }
  return obstacles;
}
