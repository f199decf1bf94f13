/**
 * The three families of errors (after n8n's base error): *user* = the input or the wish is wrong and the person
 * mends it; *operational* = the world failed us (network, disk, scheduler) and trying again may help;
 * *unexpected* = a defect of ours.
 */
export type ErrorFamily = 'user' | 'operational' | 'unexpected';

/** An error as it crosses a wire: everything that a person needs, and nothing that only a debugger needs. */
export interface ErrorInfo {
  readonly family: ErrorFamily;
  /** Stable, kebab-case, for code and for search: `host-key-changed`. */
  readonly code: string;
  /** What happened, one sentence. */
  readonly message: string;
  /** To which thing: a host, a file, a label. */
  readonly subject?: string | undefined;
  /** What to do about it. */
  readonly hint?: string | undefined;
  /** Lines worth showing behind a fold: scheduler output, a path, a list of issues. */
  readonly details?: string | undefined;
}

/** Every error that is meant to reach a person. Anything else that is thrown counts as `unexpected`. */
export class StemmaError extends Error implements ErrorInfo {
  readonly family: ErrorFamily;
  readonly code: string;
  readonly subject: string | undefined;
  readonly hint: string | undefined;
  readonly details: string | undefined;

  constructor(info: ErrorInfo, options?: { readonly cause?: unknown }) {
    super(info.message, options);
    this.name = 'StemmaError';
    this.family = info.family;
    this.code = info.code;
    this.subject = info.subject;
    this.hint = info.hint;
    this.details = info.details;
  }
}

type InfoWithoutFamily = Omit<ErrorInfo, 'family'>;

/** The input or the wish is wrong. @param cause what was thrown below, for the log */
export const userError = (info: InfoWithoutFamily, cause?: unknown): StemmaError =>
  new StemmaError({ family: 'user', ...info }, { cause });

/** The world failed us, and trying again may help. @param cause what was thrown below, for the log */
export const operationalError = (info: InfoWithoutFamily, cause?: unknown): StemmaError =>
  new StemmaError({ family: 'operational', ...info }, { cause });

/** What to send, show or record for anything that was thrown. */
export function errorInfo(thrown: unknown): ErrorInfo {
  if (thrown instanceof StemmaError) {
    const { family, code, message, subject, hint, details } = thrown;
    return { family, code, message, subject, hint, details };
  }
  if (thrown instanceof Error) {
    if (thrown.name === 'AbortError') {
      return { family: 'user', code: 'cancelled', message: 'The operation was cancelled.' };
    }
    return { family: 'unexpected', code: 'unexpected', message: thrown.message, details: thrown.stack };
  }
  return { family: 'unexpected', code: 'unexpected', message: String(thrown) };
}

/** One line for a terminal or a log: message, subject and hint. */
export function errorLine(info: ErrorInfo): string {
  const subject =
    info.subject !== undefined && !info.message.includes(info.subject) ? ` (${info.subject})` : '';
  const hint = info.hint !== undefined ? ` ${info.hint}` : '';
  return `${info.message}${subject}${hint}`.replaceAll(/\s*\n\s*/g, ' ');
}
