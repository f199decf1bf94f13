import { shellQuote } from '../shell/quote.ts';
import type { ExecAnswer, ExecRequest } from '../transport.ts';

type Exec = (request: ExecRequest) => Promise<ExecAnswer>;

/** A command of the scheduler was not found (POSIX shells). */
export const notFound = 127;

/** Where sites put schedulers beside the usual places. */
const usualFolders = [
  '/opt/slurm/bin',
  '/usr/local/slurm/bin',
  '/cm/shared/apps/slurm/current/bin',
  '/opt/slurm/default/bin',
];

/** A variable of sh that is not empty once the search path of login shells is used. */
export const wideMark = 'stemma_wide';

/**
 * Sites may put the scheduler on the search path of login shells only. Asked once, and only where a command was
 * missing, because a login shell may take long.
 */
const findPath = `
p=$( (if command -v bash >/dev/null 2>&1; then bash -lc 'printf "\\n@path %s\\n" "$PATH"'; else sh -lc 'printf "\\n@path %s\\n" "$PATH"'; fi) </dev/null 2>/dev/null | sed -n 's/^@path //p' | tail -n 1)
printf '%s:${usualFolders.join(':')}' "$p"
`;

/** Runs a scheduler's commands, with the search path that they need. One for each connection. */
export class SchedulerSession {
  readonly #exec: Exec;
  #path: string | null = null;

  constructor(exec: Exec) {
    this.#exec = exec;
  }

  /** @param repeatable whether the script may be run once more with the wider path */
  async run(request: ExecRequest, repeatable = true): Promise<ExecAnswer> {
    const answer = await this.#exec(this.#widened(request));
    if (answer.exitCode !== notFound || this.#path !== null) return answer;
    await this.widen(request.signal);
    return repeatable ? await this.#exec(this.#widened(request)) : answer;
  }

  /** Finds the login shell's search path, once. Resolves with whether that is new. */
  async widen(signal: AbortSignal | undefined): Promise<boolean> {
    const isNew = this.#path === null;
    // not shared while it is on its way: it would end with the signal of whoever asked first
    this.#path ??= (
      await this.#exec({ what: 'the search path of a login shell', script: findPath, signal })
    ).stdout;
    return isNew;
  }

  #widened(request: ExecRequest): ExecRequest {
    if (this.#path === null) return request;
    return {
      ...request,
      script: `${wideMark}=yes\nPATH="$PATH:"${shellQuote(this.#path)}\nexport PATH\n${request.script}`,
    };
  }
}
