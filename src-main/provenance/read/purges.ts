import { purge, type Purge } from '#shared/contract/areas/purges.ts';
import type { ReadSession } from './session.ts';

const mostListed = 1000;

/** The records of purges, the newest first. */
export const purgeRows = (session: ReadSession): readonly Purge[] =>
  session
    .raw<readonly [uuid: string, time: number, state: string, summary: string]>(
      `SELECT uuid, time, state, summary FROM purges WHERE state <> 'begun' ORDER BY id DESC LIMIT ?`,
      mostListed,
    )
    .map(([uuid, time, state, summary]) =>
      purge.parse({ ...(JSON.parse(summary) as object), uuid, time: time / 1000, state }),
    );
