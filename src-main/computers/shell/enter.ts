/** Exit code of a script whose directory is not there, or may not be entered. */
export const noDirectory = 66;

/**
 * Goes into a directory (quoted already), or ends with {@link noDirectory} and the reason in the C library's words,
 * which every shell has worded differently.
 */
export const enter = (quoted: string): string =>
  `cd ${quoted} 2>/dev/null || { if [ -d ${quoted} ]; then echo 'Permission denied' >&2; ` +
  `else echo 'No such file or directory' >&2; fi; exit ${noDirectory}; }`;

/** Folders of a work directory below the root of all of them, see `attemptDirectory`. */
const levels = 4;

/**
 * `gone DIRECTORY` succeeds where a work directory surely is no more: a folder above it, up to the root of all of them,
 * can be entered and listed and does not have it. A directory that cannot be entered is no proof of that, nor is `-e`,
 * which is false for every error: a stale handle of a file server, a file system that is not mounted, a login that has
 * run out. The mount point of one is an empty folder, so that the root counts only with something in it. Goes elsewhere.
 */
export const goneFunction = `
gone() {
  above=\${1%/*}
  name=\${1##*/}
  level=1
  until cd "$above" 2>/dev/null; do
    [ "$level" -lt ${levels} ] || return 1
    level=$((level+1))
    name=\${above##*/}
    above=\${above%/*}
  done
  [ -r . ] || return 1
  for entry in *; do [ "$entry" != "$name" ] || return 1; done
  while [ "$level" -lt ${levels} ]; do
    level=$((level+1))
    above=\${above%/*}
  done
  for entry in "$above"/*; do [ ! -e "$entry" ] || return 0; done
  return 1
}
`;
