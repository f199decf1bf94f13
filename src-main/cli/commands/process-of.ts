import { userError } from '#shared/base/errors.ts';
import type { CommandCore, World } from '../world.ts';

/**
 * The process that a person means by a UUID, its beginning, or a PK.
 * @throws StemmaError `no-process`, `ambiguous`
 */
export async function processOf(text: string, world: World, { client }: CommandCore): Promise<string> {
  const all = await client.call('nodes.resolve', { text }, world.signal);
  const exact = all.filter(({ pk, uuid }) => String(pk) === text || uuid === text);
  const [found, ...others] = exact.length === 1 ? exact : all;
  if (found === undefined) {
    throw userError({
      code: 'no-process',
      message: `There is no process “${text}” here.`,
      hint: '“stemma process list” lists them. Give a PK, a UUID, or at least its first 4 characters.',
    });
  }
  if (others.length > 0) {
    throw userError({
      code: 'ambiguous',
      message: `“${text}” is the beginning of ${others.length + 1} UUIDs.`,
      hint: 'Give more of it.',
      details: [found, ...others].map(({ uuid }) => uuid).join('\n'),
    });
  }
  return found.uuid;
}
