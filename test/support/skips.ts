import { appendFileSync } from 'node:fs';

/**
 * Records why a test does not run here, for the closing summary of `npm test`; gives the reason back, so that it can
 * stand in the condition: `describe.skipIf(skipReason('AiiDA', reason) !== null)`. Null means: it runs.
 */
export function skipReason(name: string, reason: string | null): string | null {
  const file = process.env['STEMMA_SKIPS'];
  if (reason !== null && file !== undefined && file !== '') {
    appendFileSync(file, `${name}\t${reason.replaceAll(/\s+/g, ' ')}\n`);
  }
  return reason;
}
