import { userError } from '#shared/base/errors.ts';
import { sentinelFiles } from '../job-script/sentinels.ts';
import { commandFailed } from '../shell/remote-errors.ts';
import { enter } from '../shell/enter.ts';
import { shellQuote } from '../shell/quote.ts';
import { transportError } from '../transport-error.ts';
import type { ExecRequest, Transport } from '../transport.ts';

interface Copy {
  readonly from: string;
  readonly to: string;
  readonly optional?: boolean | undefined;
}

/** Copying a large folder prints nothing. */
const copySilenceMs = 60 * 60_000;
const missingExit = 44;

/** What a former job left of how it ran: in the directory of another one it would be believed. */
const notes = Object.values(sentinelFiles)
  .map((name) => `*/${name}|*/${name}.*`)
  .join('|');

/** @throws StemmaError `bad-path` where a target would be outside of the work directory */
function checkTarget({ to }: Copy): void {
  if (to.startsWith('/') || to.split('/').includes('..') || /[\0\n]/.test(to)) {
    throw userError({
      code: 'bad-path',
      message: `“${to}” is not a path in the work directory.`,
      subject: to,
    });
  }
}

/** @throws StemmaError `bad-path` */
function checkSource({ from }: Copy): void {
  if (!from.startsWith('/') || /[\0\n]/.test(from)) {
    throw userError({
      code: 'bad-path',
      message: `“${from}” is not an absolute path on the computer.`,
      subject: from,
    });
  }
}

/**
 * Copies and links from other places of the same computer. A source may be a pattern; then the target is the folder
 * for all that match, but not the notes of how a former job ran, nor what some shells take for names that `.*` fits: `.`
 * and `..`. Nothing found is an error: a run without the files that it was to go on from wastes its time,
 * unless the plugin says that it can do without.
 */
export function copyScript(directory: string, copies: readonly Copy[], links: readonly Copy[]): string {
  const lines = (verb: string, list: readonly Copy[]): string[] =>
    list.map((copy) => {
      checkSource(copy);
      checkTarget(copy);
      const target = shellQuote(copy.to === '' ? '.' : copy.to);
      return `${verb} ${shellQuote(copy.from)} ${target} ${copy.optional === true ? 'may' : 'must'} || exit $?`;
    });
  return `${enter(shellQuote(directory))}
IFS=
each() {
  act=$1 pattern=$2 target=$3 need=$4
  case $pattern in
    */.*[*?[]* | *[*?[]*/.*)
      many=1
      first=1
      for f in $pattern; do
        if [ -n "$first" ]; then set --; first=; fi
        case $f in
          */.|*/..|*/./*|*/../*|${notes}) ;;
          *) set -- "$@" "$f";;
        esac
      done
      if [ $# = 0 ]; then set -- "$pattern"; fi;;
    *[*?[]*) many=1; set -- $pattern;;
    *) many=; set -- "$pattern";;
  esac
  if ! [ -e "$1" ] && ! [ -L "$1" ]; then
    if [ "$need" = may ]; then return 0; fi
    printf '%s\\n' "$pattern" >&2; exit ${missingExit}
  fi
  case $target in */) many=1;; esac
  if [ -n "$many" ]; then mkdir -p "./$target" || return; else mkdir -p "$(dirname "./$target")" || return; fi
  if [ "$act" = copy ]; then cp -RH "$@" "./$target"; else ln -s "$@" "./$target"; fi
}
copy() { each copy "$@"; }
link() { each link "$@"; }
${[...lines('copy', copies), ...lines('link', links)].join('\n')}
`;
}

/**
 * Runs {@link copyScript}; without copies and links it asks nothing. @throws StemmaError `bad-path`, `remote-missing`
 * and other causes of transport
 */
export async function copyOnComputer(
  transport: Transport,
  directory: string,
  copies: readonly Copy[],
  links: readonly Copy[],
  signal: AbortSignal,
): Promise<void> {
  if (copies.length + links.length === 0) return;
  const request: ExecRequest = {
    what: 'copying files on the computer',
    script: copyScript(directory, copies, links),
    silenceMs: copySilenceMs,
    signal,
  };
  const answer = await transport.exec(request);
  if (answer.exitCode === missingExit) {
    const path = answer.stderr.trim();
    throw transportError('remote-missing', {
      message: `There is nothing at ${path} on the computer.`,
      subject: path,
      hint: 'The folder that the calculation goes on from may have been cleaned up. Make its files again, or leave them out.',
    });
  }
  if (answer.exitCode !== 0) {
    throw commandFailed('Copying files on the computer', answer.exitCode, answer.stderr, directory);
  }
}
