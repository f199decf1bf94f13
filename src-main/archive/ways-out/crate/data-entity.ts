import { filesOf } from '#shared/provenance/repository-tree.ts';
import type { Leaving, LeavingNode } from '../leaving.ts';
import { TreeNames } from '../tree-names.ts';
import type { TreeSink } from '../tree-sink.ts';
import { storedFile } from './stored-file.ts';
import { isoTime, pathId, ref, type Entity } from './entity.ts';

/** In what form a data node stands in the crate. */
export type DataForm = 'PropertyValue' | 'File' | 'Dataset';

/** A data node in the crate, and the files that were written for it. */
export interface DataEntity {
  readonly id: string;
  readonly form: DataForm;
  /** The node, and each of its files. */
  readonly entities: readonly Entity[];
  /** What the root has as its part: files and folders, no values. */
  readonly parts: readonly string[];
}

const scalars = /^data\.(?:core\.)?(?:int|float|bool|str)\./;

/** A number that JavaScript does not change, a text, or a truth value; else its JSON text. */
function scalarOf(value: unknown, text: string): string | number | boolean {
  if (typeof value === 'boolean' || typeof value === 'string') return value;
  return typeof value === 'number' && (Number.isSafeInteger(value) || !Number.isInteger(value))
    ? value
    : text;
}

/**
 * Writes what a data node holds below `data/<uuid>/` and describes it: a number or text as a value, a single file as that
 * file, anything else as a folder with its files and its attributes as JSON.
 */
export async function dataEntity(
  leaving: Leaving,
  node: LeavingNode,
  sink: TreeSink,
  exampleOf: readonly string[],
): Promise<DataEntity> {
  const about = {
    name: node.name,
    description: node.description,
    identifier: `urn:uuid:${node.uuid}`,
    dateCreated: isoTime(node.ctime),
    exampleOfWork: exampleOf.map(ref),
  };
  const attributesText = leaving.attributesText(node);
  if (scalars.test(node.nodeType)) {
    const { value } = leaving.attributes(node);
    const id = `#value-${node.uuid}`;
    const entity = { '@id': id, '@type': 'PropertyValue', ...about, value: scalarOf(value, attributesText) };
    return { id, form: 'PropertyValue', entities: [entity], parts: [] };
  }
  const folder = `data/${node.uuid}`;
  const files = [...filesOf(leaving.tree(node))];
  const attributes = Object.keys(leaving.attributes(node));
  const isPlainFile = files.length === 1 && attributes.every((key) => key === 'filename');
  const names = new TreeNames();
  const written: Entity[] = [];
  for (const [path, hash] of files) {
    const place = `${folder}/${names.place(path)}`;
    written.push({
      ...(await storedFile(sink, place, path, hash)),
      ...(isPlainFile ? about : { name: path }),
    });
  }
  const first = written[0];
  if (isPlainFile && first !== undefined)
    return { id: first['@id'], form: 'File', entities: written, parts: [first['@id']] };
  if (attributes.length > 0 || files.length === 0) {
    const place = `${folder}/${names.place('attributes.json')}`;
    await sink.text(place, attributesText);
    const isAlone = files.length === 0;
    written.push({
      '@id': pathId(place),
      '@type': 'File',
      ...(isAlone ? about : { name: 'attributes.json', description: 'The attributes of the node.' }),
      encodingFormat: 'application/json',
    });
    if (isAlone) return { id: pathId(place), form: 'File', entities: written, parts: [pathId(place)] };
  }
  const id = `${pathId(folder)}/`;
  const hasPart = written.map((file) => ref(file['@id']));
  return {
    id,
    form: 'Dataset',
    entities: [{ '@id': id, '@type': 'Dataset', ...about, hasPart }, ...written],
    parts: [id],
  };
}
