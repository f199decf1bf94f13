import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { hasCommand, isRoot } from './project.mjs';
import { runQuietly, say, seconds } from './run.mjs';

/** What the tests talk to in earnest, and the package of Debian that brings it. */
const peers = [
  { command: 'sshd', package: 'openssh-server' },
  { command: 'ssh-keygen', package: 'openssh-client' },
  { command: 'sbatch', package: 'slurm-wlm' },
  { command: 'slurmctld', package: 'slurmctld' },
  { command: 'slurmd', package: 'slurmd' },
  { command: 'munged', package: 'munge' },
  { command: 'chromium', package: 'chromium' },
  // the login shells of clusters
  ...['tcsh', 'zsh', 'fish', 'mksh'].map((shell) => ({ command: shell, package: shell })),
];

/** What Slurm keeps accounts with. By itself: should it not install, only the tests of accounts are skipped. */
const accounts = [
  { command: 'slurmdbd', package: 'slurmdbd' },
  { command: 'mariadbd', package: 'mariadb-server-core' },
  // which mariadb-install-db calls
  { command: 'my_print_defaults', package: 'mariadb-client-core' },
];

/** Installs the peers that are missing, as root on Debian; elsewhere the tests that need them say so and skip. */
export async function installPeers() {
  await installMissing(peers);
  await installMissing(accounts);
}

async function installMissing(wanted) {
  const missing = wanted.filter(({ command }) => !hasCommand(command)).map((peer) => peer.package);
  if (missing.length === 0) return;
  const list = missing.join(', ');
  if (process.platform !== 'linux' || !existsSync('/etc/debian_version') || !isRoot) {
    say(`Not here: ${list}. Tests that need them are skipped.`);
    return;
  }
  const since = performance.now();
  say(`Installing ${list} …`);
  const { status, output } = await withoutStartingServices(() => install(missing));
  if (status === 0) say(`Installed in ${seconds(since)}.`);
  else
    say(`${output}\n${list} could not be installed; the output is above. Tests that need them are skipped.`);
}

/** The list of packages may be missing or old: it is fetched when the first try fails. */
async function install(packages) {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const args = [
    'install',
    '--yes',
    '--no-install-recommends',
    '-o',
    'Dpkg::Options::=--force-confold',
    ...packages,
  ];
  const first = await runQuietly('apt-get', args, { env });
  if (first.status === 0) return first;
  const update = await runQuietly('apt-get', ['update'], { env });
  const second = await runQuietly('apt-get', args, { env });
  return { status: second.status, output: `${first.output}\n${update.output}\n${second.output}` };
}

/** Debian starts a service when it installs one. The tests start their own, on ports of their own. */
async function withoutStartingServices(work) {
  const policy = '/usr/sbin/policy-rc.d';
  if (existsSync(policy)) return work();
  writeFileSync(policy, '#!/bin/sh\nexit 101\n', { mode: 0o755 });
  try {
    return await work();
  } finally {
    rmSync(policy, { force: true });
  }
}
