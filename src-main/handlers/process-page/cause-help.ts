/** What can be done about each cause of trouble: advice where the trouble itself came without, and the buttons. */
import type { Explanation } from '#shared/contract/areas/processes.ts';
import type { TransportCause } from '#shared/process/causes.ts';

export interface CauseHelp {
  readonly advice: string;
  readonly actions: Explanation['actions'];
}

const network: Explanation['actions'] = ['retry-now', 'open-computer', 'kill'];
const login: Explanation['actions'] = ['sign-in', 'open-computer', 'kill'];

const help = (advice: string, actions: Explanation['actions']): CauseHelp => ({ advice, actions });

const goesOn = 'A job that is there goes on by itself; nothing is submitted twice.';

export const causeHelp: Readonly<Record<TransportCause, CauseHelp>> = {
  unreachable: help(`Is the network, or the VPN of the site, up? ${goesOn}`, network),
  throttled: help(
    'It wants fewer connections: the next try waits longer, and nothing is lost by it.',
    network,
  ),
  timeout: help(`A busy login node answers late. ${goesOn}`, network),
  'connection-lost': help(`It is made again by itself. ${goesOn}`, network),
  'no-common-algorithm': help('The site has to offer a current algorithm. Test the computer for the list.', [
    'open-computer',
    'kill',
  ]),
  'host-key-unknown': help(
    'Compare the fingerprint with the one that the site publishes, and accept it.',
    login,
  ),
  'host-key-changed': help(
    'Ask the site whether it has a new key before you accept it: it may be another machine.',
    login,
  ),
  'host-key-revoked': help('Do not log in there before the site has explained it.', login),
  'auth-needed': help('Everything that waits for the computer goes on as soon as you have signed in.', login),
  'auth-refused': help('Test the computer: it says which ways to log in were tried.', login),
  'key-unreadable': help('Choose another key for the computer, or make this one readable.', login),
  'agent-unavailable': help(
    'Start the SSH agent and add your key (ssh-add), or choose another way to log in.',
    ['retry-now', 'open-computer', 'kill'],
  ),
  'computer-not-configured': help('Open it and fill in how to log in.', ['open-computer', 'kill']),
  'computer-missing': help('Import an archive that has it, or kill the process.', ['kill']),
  'garbled-answer': help('Does something in the login scripts there print text? Test the computer.', network),
  'output-too-large': help('Test the computer: its login scripts may print without end.', network),
  'command-failed': help('What the command said is below. It is tried again.', network),
  'remote-tool-missing': help('Test the computer: it names what is missing.', network),
  'scheduler-down': help(`It may be restarted or maintained just now. ${goesOn}`, network),
  'scheduler-missing': help('Does the site want a module loaded first? Test the computer.', network),
  'other-login-node': help(
    'Log in to that machine and end the process there; or kill it here once more, which no longer waits for it.',
    network,
  ),
  'scheduler-refused': help('The scheduler’s own words are above.', network),
  'remote-disk-full': help('Free space there, or ask for more quota. It is tried again by itself.', network),
  'remote-permission': help('Give the account the right to it there, then try again.', network),
  'remote-missing': help(
    'Put it back there and try again; if the site has purged it, kill the process.',
    network,
  ),
  'remote-modified': help(
    'Somebody or something changed the work directory. Look into it before you try again.',
    network,
  ),
  'hash-mismatch': help('It is transferred again. If it happens again and again, tell the site.', network),
  'local-disk-full': help('Free space on this machine. Stemma goes on by itself, without a restart.', [
    'retry-now',
    'kill',
  ]),
  'local-disk-short': help('Free space on this machine. Stemma goes on by itself, without a restart.', [
    'retry-now',
    'kill',
  ]),
  'local-permission': help('Give your account the right to the folder on this machine, then try again.', [
    'retry-now',
    'kill',
  ]),
};
