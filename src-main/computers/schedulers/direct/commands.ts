import { sentinelFiles } from '../../job-script/sentinels.ts';
import { goneFunction } from '../../shell/enter.ts';
import { machineName } from '../../shell/facts.ts';
import { shellQuote } from '../../shell/quote.ts';
import { countedList } from '../read-lines.ts';
import type { NamedJob, Question, WatchedJob } from '../scheduler.ts';

const { done } = sentinelFiles;

/**
 * A process is told from a later one with the same number by the machine, its boot and the time at which the process
 * began. `began PID` sets `now` to its state and that time, or to nothing where there is no such process, and `group` to
 * its process group; a zombie has ended.
 */
const functions = `
${machineName}
{ read -r boot < /proc/sys/kernel/random/boot_id; } 2>/dev/null || boot=-
began() {
  now=
  if [ -r /proc/self/stat ]; then
    { read -r stat < "/proc/$1/stat"; } 2>/dev/null || return 0
    set -- \${stat##*) }
    letter=$1
    group=$3
    shift 19
    set -- "$1"
  else
    # said in the same words to the submission, whose language and time zone are the account's own, and to us
    stat=$(LC_ALL=C TZ=UTC ps -o stat= -o lstart= -p "$1") || return 0
    set -- $stat
    # BSD has more letters after the first
    letter=\${1%"\${1#?}"}
    # only Linux has no job control here, and there /proc
    group=$pid
    shift
  fi
  case $letter in Z|X) return 0;; esac
  now="$letter $*"
}
carries() { { tr '\\000' '\\n' < "/proc/$1/environ"; } 2>/dev/null | grep -qx "STEMMA_TOKEN=$2"; }
`;

/**
 * `state PID TOKEN DIRECTORY` sets `is` to `running`, `suspended`, `gone`, `elsewhere` where another machine would have to be
 * asked, `strayed` where no other can be, or `unseen` where what is known of the process cannot be read. Where the
 * submission left no note of the process (it was cut off), the process is known by its directory, and its machine by the
 * note of the submission's begin; and where the directory is gone as well, by the token that it was started with, which
 * only Linux tells (proc(5), `environ`).
 *
 * A process that is found is ours whatever the machine is called: laptops change their names with the network. One that
 * is not found under another name proves nothing, not even after the same boot: containers of one machine have that in
 * common, and no processes.
 *
 * @param here the computer is this machine itself, so that no login leads to another of its name
 */
const stateFunction = (here: boolean): string => `${functions}${goneFunction}
state() {
  { read -r pid host oldboot start < "$3/.submit/proc"; } 2>/dev/null || host=
  where=$host
  [ -n "$where" ] || { read -r name where rest < "$3/.submit/begin"; } 2>/dev/null || where=
  is=gone
  wiped=
  if [ -z "$host" ] && ! cd "$3" 2>/dev/null; then
    if gone "$3"; then wiped=yes; else is=unseen; return; fi
  fi
  began "$1"
  ours=
  if [ -n "$wiped" ]; then
    if [ -n "$now" ] && carries "$1" "$2"; then ours=yes; fi
  elif [ -n "$now" ] && [ -n "$host" ]; then
    # no time of its begin is on record where it had ended before the submission could look
    if [ -n "$start" ] && [ "$oldboot" = "$boot" ] && [ "\${now#* }" = "$start" ]; then ours=yes; fi
  elif [ -n "$now" ]; then
    if [ "$(readlink "/proc/$1/cwd" 2>/dev/null)" = "$(pwd -P)" ]; then ours=yes; fi
  fi
  if [ -n "$ours" ]; then
    if [ "\${now%% *}" = T ]; then is=suspended; else is=running; fi
  elif [ -n "$where" ] && [ "$where" != "$machine" ]; then
    # its own note of its end is as good here as there
    [ -f "$3/${done}" ] && grep -qx "job=$1" "$3/${done}" || is=${here ? 'strayed' : 'elsewhere'}
  fi
}
`;

/**
 * Starts the script in the background, in a session of its own, by the interpreter of its first line (so that a file
 * system without execute permission does not matter), and prints its process number. Not before the job has left our
 * process group: once we have said that it runs, a signal to us must not end it.
 */
export function directSubmit(token: string, script: string): string {
  return `${functions}
script="$(pwd)"/${shellQuote(script)}
IFS= read -r first < "$script" || exit 1
first=\${first#'#!'}
program=\${first%%[[:space:]]*}
option=\${first#"$program"}
option=\${option#"\${option%%[![:space:]]*}"}
set -- "$program"
[ -z "$option" ] || set -- "$program" "$option"
if command -v setsid >/dev/null 2>&1; then set -- setsid "$@"; else set -m; fi
(trap - HUP PIPE; STEMMA_TOKEN=${shellQuote(token)}; export STEMMA_TOKEN; exec "$@" "$script") </dev/null >/dev/null 2>&1 &
pid=$!
tries=0
while began "$pid"; [ -n "$now" ] && [ "$group" != "$pid" ] && [ "$tries" -lt 1000 ]; do
  tries=$((tries+1))
  [ "$tries" -lt 200 ] || sleep 0.01
done
printf '%s %s %s %s\\n' "$pid" "$machine" "$boot" "\${now#* }" > .submit/proc
echo "$pid"`;
}

/** One question for all jobs; the jobs come on standard input. */
export function directList(jobs: readonly WatchedJob[], here: boolean): Question {
  return {
    script: `${stateFunction(here)}
each() { while read -r id token directory; do state "$id" "$token" "$directory"; printf '%s|%s\\n' "$id" "$is"; done; }
${countedList('queue', 'each')}`,
    input: Buffer.from(
      jobs.map(({ jobId, token = '-', directory }) => `${jobId} ${token} ${directory}\n`).join(''),
    ),
  };
}

/**
 * Asks the whole process group to end, and ends it after five seconds. Says `elsewhere <its machine> <this one>`; and
 * `wiped <this machine>` where it is not here, and the directory that told where it is has gone.
 */
export function directCancel(job: NamedJob, here: boolean): Question {
  const pid = shellQuote(job.jobId);
  return {
    script: `${stateFunction(here)}
state ${pid} ${shellQuote(job.token)} ${shellQuote(job.directory)}
case $is in
  gone) ${here ? 'exit 0;;' : `[ -n "$wiped" ] || exit 0; printf 'wiped %s\\n' "$machine" >&2; exit 1;;`}
  elsewhere) printf 'elsewhere %s %s\\n' "$where" "$machine" >&2; exit 1;;
  strayed) echo 'the job began when this machine had another name, and is not found' >&2; exit 1;;
  unseen) echo 'the work directory of the job cannot be read' >&2; exit 1;;
esac
tell() { kill -s "$1" -- -${pid} 2>/dev/null || kill -s "$1" ${pid} 2>/dev/null; }
tell CONT
tell TERM
i=0
while [ "$i" -lt 50 ] && tell 0; do sleep 0.1; i=$((i+1)); done
tell KILL
:`,
  };
}
