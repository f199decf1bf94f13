import { StemmaError } from '#shared/base/errors.ts';
import type { TransportCause } from '#shared/process/causes.ts';

export interface TransportErrorInfo {
  readonly message: string;
  /** The host, path or command that it is about. */
  readonly subject?: string | undefined;
  readonly hint?: string | undefined;
  /** What the other side said, as text. */
  readonly details?: string | undefined;
  readonly cause?: unknown;
}

/** An operational error with one of the codes that the retry policy knows: the compiler refuses any other. */
export function transportError(code: TransportCause, info: TransportErrorInfo): StemmaError {
  const { cause, ...rest } = info;
  return new StemmaError({ family: 'operational', code, ...rest }, { cause });
}

/** Whether it is an error of transport of one of these causes. */
export const hasCause = (thrown: unknown, ...codes: readonly TransportCause[]): thrown is StemmaError =>
  thrown instanceof StemmaError && (codes as readonly string[]).includes(thrown.code);
