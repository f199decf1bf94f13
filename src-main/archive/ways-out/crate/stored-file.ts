import type { ObjectHash } from '#shared/provenance/ids.ts';
import type { TreeSink } from '../tree-sink.ts';
import { formatOf, pathId, type Entity } from './entity.ts';

/**
 * Writes a stored file and describes it by its hash and form. Where its content was purged, what is written says so, and
 * so does its description.
 */
export async function storedFile(
  sink: TreeSink,
  place: string,
  path: string,
  hash: ObjectHash,
): Promise<Entity> {
  const purged = sink.purged(hash);
  const written = await sink.object(place, hash);
  if (purged === null)
    return { '@id': pathId(written), '@type': 'File', encodingFormat: formatOf(path), sha256: hash };
  const day = new Date(purged.time).toISOString().slice(0, 10);
  return {
    '@id': pathId(written),
    '@type': 'File',
    encodingFormat: 'text/plain',
    disambiguatingDescription: `Stands for “${path}”, whose content (${purged.size} bytes, SHA-256 ${hash}) was purged on ${day}.`,
  };
}
