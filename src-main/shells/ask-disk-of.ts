import { askDisk, type AskDisk } from '../profile/disk-room.ts';

/** `STEMMA_DISK_WATCH=off` is for disks that do not say how much room they have, and for tests. */
export const askDiskOf = (env: NodeJS.ProcessEnv): AskDisk | undefined =>
  env['STEMMA_DISK_WATCH'] === 'off' ? undefined : askDisk;
