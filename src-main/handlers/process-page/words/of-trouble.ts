/** Something failed, and is tried again. */
import type { Explanation } from '#shared/contract/areas/processes.ts';
import { isTransportCause } from '#shared/process/causes.ts';
import { causeHelp } from '../cause-help.ts';
import { fact, jobFacts, nextTry, plain, type Of } from './pieces.ts';

/** The store cannot write, so nothing of this profile goes on, whatever this process waits for beside. */
export function engineTrouble({ error, since }: Of<'engine-trouble'>): Explanation {
  const { code, message, hint = '' } = error;
  // only what another program does goes by without a person
  const isBusy = code === 'database-busy';
  const advice = troubleAdvice[code] ?? hint;
  return {
    ...plain,
    tone: isBusy ? 'waits' : 'needs-you',
    headline: message,
    since,
    next: { words: isBusy ? 'tried again all the time' : 'tried again every 5 s' },
    facts: [fact('Concerns', 'every process of this profile')],
    advice: advice === '' ? [] : [advice],
  };
}

/** Where the trouble's own hint says less. */
const troubleAdvice: Readonly<Record<string, string>> = {
  'disk-full':
    'Free space on the disk of this profile. Everything goes on by itself, without a restart; nothing that was stored is lost.',
  'database-busy':
    'Another program holds the database: a backup, or a viewer that has it open. Everything goes on as soon as it lets go.',
};

/** A step of this process has failed and is tried again by itself, or waits for a person. */
export function troubled({ run, retry }: Of<'trouble'>): Explanation {
  const known = isTransportCause(retry.code) ? causeHelp[retry.code] : null;
  const actions = known?.actions ?? ['retry-now', 'kill'];
  const advice = [retry.hint, known?.advice ?? ''].filter((text) => text !== '');
  return {
    ...plain,
    tone: retry.needsPerson ? 'needs-you' : 'waits',
    headline: retry.message,
    ...nextTry(retry),
    facts: jobFacts(run),
    // the trouble's own hint knows more than what is said of all of its kind
    advice: retry.hint === '' ? advice : [retry.hint],
    actions: run.kind === 'job' ? [...actions] : actions.filter((action) => action !== 'open-computer'),
  };
}

/** This machine has little room: nothing new is taken in until there is more. */
export const diskShort = ({ run, retry }: Of<'disk-short'>): Explanation => ({
  ...plain,
  headline: retry.message,
  ...nextTry(retry),
  next: {
    words: 'as soon as there is room; tried in any case',
    ...(retry.until === null ? {} : { at: retry.until }),
  },
  facts: jobFacts(run),
  advice: [
    retry.hint === '' ? causeHelp['local-disk-short'].advice : retry.hint,
    ...(run.kind === 'job' && run.phase === 'retrieve'
      ? ['The job has ended, and its files stay on the computer meanwhile.']
      : []),
  ],
  actions: ['retry-now', 'kill'],
});
