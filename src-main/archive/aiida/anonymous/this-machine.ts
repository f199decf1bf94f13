import { homedir, hostname, userInfo } from 'node:os';
import type { Machine } from './collect-identities.ts';

/** The machine that this runs on. */
export const thisMachine = (): Machine => ({ user: userInfo().username, host: hostname(), home: homedir() });
