import { sentinelFiles } from '../job-script/sentinels.ts';
import type { Scheduler } from '../schedulers/scheduler.ts';
import { enter, goneFunction } from '../shell/enter.ts';
import { epoch, machineName } from '../shell/facts.ts';
import { shellQuote } from '../shell/quote.ts';

const { submission: folder, fence, done, cancelled } = sentinelFiles;

/**
 * Bytes of the beginning and of the end of what the scheduler said that are reported: a site may print pages before a
 * verdict, which is at the end.
 */
const excerpt = 4000;

/**
 * Prints what is known of a submission, each line with a word before it, so that no text can be taken for another:
 * `submit`, `begin TOKEN HOST PID EPOCH`, `now EPOCH`, `wrapper`, `rc`, `out`, `err`, `fence`, `done`, and `fresh` where
 * it was this very call that submitted.
 */
const report = `
${machineName}
now=${epoch}
note() { [ -f "$2" ] && while IFS= read -r line; do printf '%s %s\\n' "$1" "$line"; done < "$2"; }
lines() {
  [ -s "$2" ] || return 0
  if [ "$(wc -c < "$2")" -le ${2 * excerpt} ]; then LC_ALL=C sed "s/^/$1 /" "$2"
  else
    { dd bs=${excerpt} count=1 < "$2" 2>/dev/null; printf '\\n...\\n'; tail -c ${excerpt} "$2"; } | LC_ALL=C sed "s/^/$1 /"
  fi
  # sed does not end a last line that has no end, and the next word would be glued to it
  echo
}
report() {
  echo "now $now"
  if [ -d ${folder} ]; then echo 'submit yes'; else echo 'submit no'; fi
  note begin ${folder}/begin
  note rc ${folder}/rc
  lines out ${folder}/out
  lines err ${folder}/err
  if [ -f ${folder}/begin ] && ! [ -f ${folder}/rc ]; then
    read -r token host pid since < ${folder}/begin
    if [ "$host" != "$machine" ]; then echo 'wrapper elsewhere'
    elif kill -0 "$pid" 2>/dev/null; then echo 'wrapper alive'
    else echo 'wrapper dead'; fi
  fi
  if [ -f ${fence} ]; then owner=; IFS= read -r owner < ${fence}; printf 'fence %s\\n' "$owner"; fi
  if [ -f ${done} ]; then echo 'done yes'; fi
  if [ -n "$fresh" ]; then echo 'fresh yes'; fi
}
fresh=
`;

/** `missing` where the directory surely is no more; ends as `enter` does where it cannot be entered. */
const inside = (directory: string): string => `${goneFunction}
if ! cd ${directory} 2>/dev/null && gone ${directory}; then echo missing; exit 0; fi
${enter(directory)}
`;

/**
 * Submits the script unless that was begun already, and reports. Making the folder `.submit` is atomic: of two that
 * try, one submits and both report. What the scheduler says is on the disk before it is told, so it is there also when
 * nobody listens any more; a hang-up does not end it.
 *
 * @param again takes the folder of a submission that surely was refused out of the way first
 */
export function submitScript(
  scheduler: Scheduler,
  directory: string,
  token: string,
  script: string,
  again: boolean,
): string {
  const clear = again
    ? `if [ -f ${folder}/rc ] && [ "$(cat ${folder}/rc)" != 0 ]; then mv ${folder} ${folder}.refused.$$; fi\n`
    : '';
  return `trap '' HUP PIPE
${report}${inside(shellQuote(directory))}${clear}
if error=$(mkdir ${folder} 2>&1); then
  if printf '%s %s %s %s\\n' ${shellQuote(token)} "$machine" "$$" "$now" > ${folder}/begin.new &&
    mv ${folder}/begin.new ${folder}/begin; then
    (
${scheduler.submitCommand(token, script)}
    ) > ${folder}/out 2> ${folder}/err
    code=$?
    fresh=yes
    echo "$code" > ${folder}/rc.new && mv ${folder}/rc.new ${folder}/rc
  else
    rm -rf ${folder}
    echo 'No space left on device (the submission could not be noted)' >&2
    exit 1
  fi
elif [ ! -d ${folder} ]; then
  printf '%s\\n' "$error" >&2
  exit 1
fi
report`;
}

/** What an attempt that must never run has in its fence instead of a job's id. */
export const revokedFence = (token: string): string => `revoked-${token}`;

/**
 * Claims the fence for nobody: if that succeeds, no job of this attempt has run and none ever will. Reports after that,
 * so that the fence says who has it.
 */
export function revokeScript(directory: string, token: string): string {
  const own = revokedFence(token);
  return `${report}${inside(shellQuote(directory))}
printf '%s' ${shellQuote(own)} > ${fence}.${own} || exit 1
ln ${fence}.${own} ${fence} 2>/dev/null || [ -e ${fence} ] || { mkdir ${fence}.lock && cp ${fence}.${own} ${fence}; }
report`;
}

/**
 * Notes that the end of the job is our wish, then asks for it: also where the directory is gone, so that the note cannot
 * be made. Not with `:`, whose failed redirection would end the shell (POSIX, 2.8.1).
 */
export const cancelScript = (directory: string, command: string): string =>
  `{ printf '' > ${shellQuote(`${directory}/${cancelled}`)}; } 2>/dev/null\n${command}`;
