/** Exit code of a script whose directory is not there, or may not be entered. */
export const noDirectory = 66;

/**
 * Goes into a directory (quoted already), or ends with {@link noDirectory} and the reason in the C library's words,
 * which every shell has worded differently.
 */
export const enter = (quoted: string): string =>
  `cd ${quoted} 2>/dev/null || { if [ -d ${quoted} ]; then echo 'Permission denied' >&2; ` +
  `else echo 'No such file or directory' >&2; fi; exit ${noDirectory}; }`;
