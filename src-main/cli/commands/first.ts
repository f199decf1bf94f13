import { operationalError } from '#shared/base/errors.ts';

/** The first item of a stream, which then ends. @throws StemmaError `no-answer` where it ends without one */
export async function first<Item>(items: AsyncIterable<Item>): Promise<Item> {
  for await (const item of items) return item;
  throw operationalError({ code: 'no-answer', message: 'The core ended without an answer.' });
}
