/**
 * Puts objects until it is killed and says which ones are durable. Run by the crash test:
 * `node crash-writer.ts ROOT SEED`.
 */
import { openRepository } from '#main/repository/repository.ts';
import { Readable } from 'node:stream';
import { smallLimit } from '#main/repository/layout.ts';
import { seededRandom } from '#shared/base/random.ts';

const [root = '', seed = '1'] = process.argv.slice(2);
const random = seededRandom(Number(seed));
const repository = await openRepository(root);

async function keepPutting(): Promise<void> {
  for (;;) {
    const large = random.next() < 0.3;
    const size = Math.floor(random.next() * (large ? smallLimit * 6 : 3000)) + (large ? smallLimit : 0);
    const content = Buffer.alloc(size, random.bytes(16));
    const stored =
      random.next() < 0.5
        ? await repository.putBytes(content)
        : await repository.putStream(
            Readable.from([content.subarray(0, size / 2), content.subarray(size / 2)]),
          );
    process.stdout.write(`${stored.hash} ${stored.size}\n`);
  }
}

await Promise.all(Array.from({ length: 6 }, keepPutting));
