import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Client } from '#shared/channel/client.ts';
import type { ComputerConfigInput } from '#shared/contract/areas/computers.ts';
import type { Contract } from '#shared/contract/contract.ts';
import type { Sshd } from './sshd.ts';

/** The configuration of a computer behind a test's sshd, with the test's Slurm. */
export const clusterConfig = (sshd: Sshd, workDirectory: string): ComputerConfigInput => ({
  label: 'cluster',
  transport: {
    type: 'core.ssh',
    host: sshd.host,
    port: sshd.port,
    user: sshd.user,
    auth: { kind: 'key', path: sshd.key },
  },
  scheduler: 'core.slurm',
  workDirectory,
  minimumPollInterval: 1,
});

/** Tests the computer and accepts its key on the way, as a person would; then adds it. */
export async function addCluster(client: Client<Contract>, config: ComputerConfigInput): Promise<string> {
  for (let good = false; !good;) {
    good = true;
    for await (const step of client.listen('computers.test', { config })) {
      if (step.state !== 'failed' && step.ask?.kind !== 'host-key') continue;
      good = false;
      if (step.ask?.kind === 'host-key') await client.call('computers.acceptHostKey', step.ask.key);
      // a server counts a connection until its process has gone, which a person is not quick enough to see
      else if (step.words.includes('turns connections away')) await delay(200);
      else throw new Error(`${step.step}: ${step.words} ${step.output} ${step.hint}`);
    }
  }
  return (await client.call('computers.create', config)).uuid;
}

/**
 * A program that counts in a file of its own how often it ran: `counts NAME SECONDS`, or `counts NAME FILE`, which ends
 * once there is the file.
 * @returns its path
 */
export function writeCountingProgram(folder: string): string {
  const file = join(folder, 'counts.sh');
  const lines = [
    '#!/bin/sh',
    `echo ran >> ${folder}/count.$1`,
    'case "$2" in',
    '  /*) while [ ! -e "$2" ]; do sleep 0.1; done ;;',
    '  *) sleep "$2" ;;',
    'esac',
    'echo "$1 done" > result.txt',
  ];
  writeFileSync(file, `${lines.join('\n')}\n`);
  chmodSync(file, 0o755);
  return file;
}
