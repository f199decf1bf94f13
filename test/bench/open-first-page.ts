import { openCore } from '#main/core.ts';
import { connectClient } from '#shared/channel/client.ts';
import { memoryPair } from '#shared/channel/memory-port.ts';
import type { Contract } from '#shared/contract/contract.ts';

/** Milliseconds from the choice of an archive until a window that is open has its first page of nodes, each time. */
export async function openFirstPage(
  file: string,
  profileDirectory: string,
  rounds: number,
): Promise<readonly number[]> {
  const core = await openCore({ profileDirectory, shell: 'none', plugins: [] });
  const [near, far] = memoryPair();
  core.serve(far);
  const client = connectClient<Contract>(near);
  const samples: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const { handle } = await core.files.offer(file);
    const start = performance.now();
    const { source } = await client.call('archives.open', { file: handle });
    const { rows } = await client.call('nodes.find', { source });
    samples.push(performance.now() - start);
    if (rows.length === 0) throw new Error('The first page is empty');
    await client.call('archives.close', { source });
  }
  client.close();
  await core.close();
  return samples;
}
