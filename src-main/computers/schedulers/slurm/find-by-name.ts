/**
 * How a submission whose reply was lost is found again: by the name of its job, in the queue and in accounting. That
 * accounting has none counts only where it would have one.
 */
import { counted } from '#shared/provenance/summary.ts';
import { epoch } from '../../shell/facts.ts';
import { shellQuote } from '../../shell/quote.ts';
import { countedList } from '../read-lines.ts';
import { nothingRemembers, type LookBack, type Question } from '../scheduler.ts';
import { accountFields, afterSacct, environment, queueFields, unkept } from './commands.ts';

const day = 86_400;

/** Clocks are set wrong, and to the summer; a laptop's more than others. */
const marginSeconds = day;
/** Where nobody knows when it may have been submitted. What is not found then may still be there. */
const blindSeconds = 30 * day;

/**
 * sh that sets `back` to how many seconds the question reaches back, and `reach` to the same, or to `-` where that may be
 * too few. Two clocks are asked how long ago it is: the longer counts, since one of them may have been set back.
 */
function backTo(since: LookBack | null): string {
  if (since === null) return `back=${blindSeconds}\nreach=-\n`;
  const { agoSeconds, epochSeconds } = since;
  const here =
    epochSeconds === undefined
      ? ''
      : `now=${epoch}\nhere=$((now-${epochSeconds}))\n[ "$here" -le "$back" ] || back=$here\n`;
  return `back=${agoSeconds}\n${here}back=$((back+${marginSeconds}))\nreach=$back\n`;
}

/**
 * The sections: `queue`; `accounting`, of all clusters that share its books, because the account's own settings may have
 * sent the job to another one than that where we ask; with it `here`, the name of this one, and `reach`, how far back was
 * asked, and for how long slurmdbd keeps jobs (slurmdbd.conf(5), PurgeJobAfter). `narrow` where the site lets nobody ask
 * so far back by name (MaxQueryTimeRange); else, where accounting does not answer, its words in `refusal`.
 */
export function slurmFind(token: string, since: LookBack | null): Question {
  const name = shellQuote(token);
  const said = `printf '%s\\n' "$out" | grep . ; :`;
  const kept = `sacctmgr --noheader show configuration </dev/null 2>/dev/null | grep '^PurgeJobAfter'`;
  return {
    script:
      `user=$(id -un) || exit 1\n${environment}${backTo(since)}` +
      countedList(
        'queue',
        `squeue --noheader --user="$user" --states=all --name=${name} --format='%i|${queueFields}'`,
      ) +
      `if out=$(sacct --noheader --parsable2 --allocations --allclusters --format=${accountFields},Cluster ` +
      `--name=${name} --starttime=now-"$back"seconds 2>&1); then\n` +
      countedList('accounting', said) +
      countedList('here', `scontrol show config 2>/dev/null </dev/null | grep '^ClusterName' ; :`) +
      countedList('reach', `echo "back $reach"; ${kept} ; :`) +
      `else ${afterSacct}\n${unkept} ;;\n` +
      `(*'Too wide of a date range'*)${countedList('narrow', ':')};;\n` +
      `(*)${countedList('refusal', said)};; esac; fi\n`,
  };
}

/** The value of a line `Name   = value`; undefined where there is none. */
const valueOf = (line: string | undefined): string | undefined =>
  /^\w+\s*=\s*(\S.*?)\s*$/.exec(line ?? '')?.[1];

const secondsOf = { hour: 3600, day, month: 28 * day } as const;

/**
 * Why accounting may have forgotten the job; null where it cannot have.
 * @param sections of the answer to {@link slurmFind}
 */
export function whyForgotten(sections: ReadonlyMap<string, readonly string[]>): string | null {
  if (sections.has('narrow')) return 'accounting does not answer questions that reach so far back';
  if (!sections.has('accounting')) return nothingRemembers;
  const [reach = '', purge] = sections.get('reach') ?? [];
  const [, back] = /^back (\d+)$/.exec(reach) ?? [];
  if (back === undefined) return 'it is not known since when accounting would have to be searched';
  const kept = valueOf(purge);
  if (kept === 'NONE') return null;
  // an asterisk says that what goes is archived, where sacct does not look
  const [, count, unit] = /^(\d+) (hour|day|month)s?\*?$/.exec(kept ?? '') ?? [];
  if (count === undefined || unit === undefined) return 'accounting does not tell for how long it keeps jobs';
  if (Number(back) <= Number(count) * secondsOf[unit as keyof typeof secondsOf]) return null;
  return `accounting keeps jobs for ${counted(Number(count), unit)}, and this one may be older`;
}

/** `123` or, of another cluster than the one where we asked, `123;daint`. @param line of the section `here` */
export function foundId(jobId: string, cluster: string | undefined, line: string | undefined): string {
  const here = valueOf(line);
  const isHere = cluster === undefined || cluster === '' || here === undefined || cluster === here;
  return isHere ? jobId : `${jobId};${cluster}`;
}
