import { formatBytes } from '#shared/base/bytes.ts';
import type { Progress } from '#shared/contract/common.ts';
import type { World } from '../world.ts';

const everyMs = 2_000;

/** Tells on stderr how far a long piece of work is, at most every two seconds. */
export function showProgress(
  world: World,
  monotonic: () => number = () => performance.now(),
): (now: Progress) => void {
  let last = monotonic();
  return ({ words, done, total, unit }) => {
    if (monotonic() - last < everyMs) return;
    last = monotonic();
    const spell = (count: number): string => (unit === 'bytes' ? formatBytes(count) : String(count));
    const of = total === null ? '' : ` of ${spell(total)}`;
    world.note(`${words}: ${spell(done)}${of}${unit === 'bytes' ? '' : ` ${unit}`}`);
  };
}
