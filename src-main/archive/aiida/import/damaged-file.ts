import { StemmaError, userError } from '#shared/base/errors.ts';
import { className } from '#shared/provenance/node-types.ts';
import { filesOf, readRepositoryTree } from '#shared/provenance/repository-tree.ts';
import type { OpenArchive } from '../open-archive.ts';
import { readJsonObject } from './json-text.ts';

/** The SHA-256 of an object, which is also its name in an archive. */
const hashPattern = /[0-9a-f]{64}/;

/**
 * Does `work`, and where it finds the content of an object damaged says which file of which node that is: a hash tells
 * nobody anything. Only then the archive is looked through for it.
 * @throws StemmaError what `work` throws; `archive-damaged` with the UUID of the node as its subject
 */
export async function namingDamagedFile<T>(
  archive: Pick<OpenArchive, 'pages'>,
  signal: AbortSignal,
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof StemmaError) || error.code !== 'archive-damaged') throw error;
    const hash = hashPattern.exec(error.subject ?? '')?.[0];
    const owner = hash === undefined ? null : await ownerOf(archive, hash, signal);
    if (owner === null) throw error;
    const more = owner.others === 0 ? '' : `, and of ${owner.others} more`;
    throw userError(
      {
        code: 'archive-damaged',
        message:
          `The archive is damaged: the content of the file “${owner.path}” of the node ${owner.name} ` +
          `(${owner.uuid.slice(0, 8)})${more} is not what its hash says.`,
        subject: owner.uuid,
        hint: 'Nothing was imported. Get the archive again from where it came from; what was copied already is not copied again.',
        details: error.message,
      },
      error,
    );
  }
}

interface Owner {
  readonly uuid: string;
  readonly name: string;
  readonly path: string;
  /** How many more nodes have a file of this content. */
  readonly others: number;
}

async function ownerOf(
  archive: Pick<OpenArchive, 'pages'>,
  hash: string,
  signal: AbortSignal,
): Promise<Owner | null> {
  let first: Omit<Owner, 'others'> | null = null;
  let owners = 0;
  for await (const page of archive.pages('nodes', signal)) {
    for (const { uuid, label, nodeType, repository } of page) {
      if (!repository.includes(hash)) continue;
      owners++;
      first ??= { uuid, name: label === '' ? className(nodeType) : label, path: pathOf(repository, hash) };
    }
  }
  return first === null ? null : { ...first, others: owners - 1 };
}

function pathOf(repository: string, hash: string): string {
  const json = readJsonObject(repository);
  if (!json.ok) return hash;
  for (const [path, one] of filesOf(readRepositoryTree(json.value))) if (one === hash) return path;
  return hash;
}
