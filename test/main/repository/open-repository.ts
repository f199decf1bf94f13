import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { openRepository, type SharedRepository } from '#main/repository/repository.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

/** A repository that is closed when the running test ends. */
export async function openForTest(root = join(temporaryFolder(), 'repository')): Promise<SharedRepository> {
  const repository = await openRepository(root);
  onTestFinished(() => repository.close());
  return repository;
}

export async function bytesOf(stream: AsyncIterable<unknown>): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}
