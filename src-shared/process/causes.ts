interface Cause {
  /** Nobody but a person can mend it: repeating by itself would change nothing, or do harm. */
  readonly needsPerson: boolean;
  /** It may pass without anybody, as after maintenance: looked at again slowly all the same. */
  readonly mayPass: boolean;
  /** What to call it where only the code is at hand. */
  readonly words: string;
}

const later = (words: string): Cause => ({ needsPerson: false, mayPass: false, words });
const person = (words: string): Cause => ({ needsPerson: true, mayPass: false, words });
/** A file system that is not mounted for a while looks like this. */
const personOrTime = (words: string): Cause => ({ needsPerson: true, mayPass: true, words });

/**
 * Why an operation on a computer failed: the codes of every operational error that the computers room throws. Each is
 * a failure of ours to reach or to use a computer and never a failure of a job.
 */
export const transportCauses = {
  // ------------------------------------------------------------------------------------------ getting there
  unreachable: later('The computer cannot be reached.'),
  throttled: later('The computer turns connections away for a while.'),
  timeout: later('The computer did not answer in time.'),
  'connection-lost': later('The connection was lost.'),
  'no-common-algorithm': person('The computer offers only SSH algorithms that are not safe.'),
  'host-key-unknown': person('The host key is not known yet.'),
  'host-key-changed': person('The host key is not the one that is known.'),
  'host-key-revoked': person('The host key is marked as revoked.'),
  'auth-needed': person('A password, passphrase or code is needed to log in.'),
  'auth-refused': person('The computer refused the login.'),
  'key-unreadable': person('The private key cannot be read.'),
  'agent-unavailable': person('The SSH agent does not answer.'),
  'computer-not-configured': person('Nothing is known of how to reach the computer.'),
  'computer-missing': person('The computer is not in this profile.'),

  // ------------------------------------------------------------------------------------------ commands there
  'garbled-answer': later('The answer of the computer cannot be read.'),
  'output-too-large': person('A command printed more than can be taken.'),
  'command-failed': later('A command failed on the computer.'),
  'remote-tool-missing': personOrTime('A command that is needed is missing on the computer.'),
  'scheduler-down': later('The scheduler does not answer.'),
  'scheduler-missing': personOrTime('The scheduler’s commands are missing on the computer.'),
  /** Without a scheduler: the next connection to a name that several machines share may lead to the right one. */
  'other-login-node': personOrTime('The process of the job is on another machine of that name.'),
  'scheduler-refused': person('The scheduler refused what was asked.'),

  // ------------------------------------------------------------------------------------------ files
  // full disks are mended by a person, but seen to be mended only by trying again
  'remote-disk-full': later('The disk or quota is full on the computer.'),
  'remote-permission': personOrTime('Permission was denied on the computer.'),
  'remote-missing': personOrTime('A file or folder is missing on the computer.'),
  'remote-modified': person('A work directory is not as it was left.'),
  'hash-mismatch': later('A file does not match its hash.'),
  'local-disk-full': later('The disk of this machine is full.'),
  'local-disk-short': later('The disk of this machine has little room left.'),
  'local-permission': person('Permission was denied on this machine.'),
} as const satisfies Readonly<Record<string, Cause>>;

export type TransportCause = keyof typeof transportCauses;

/** Whether the code of an error says that the computer could not be reached or used. */
export const isTransportCause = (code: string): code is TransportCause =>
  Object.hasOwn(transportCauses, code);
