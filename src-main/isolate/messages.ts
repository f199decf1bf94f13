import type { ErrorInfo } from '#shared/base/errors.ts';

/** A question to a thread or a process of ours, and its answer. One at a time: the next comes when this is answered. */
export interface Ask {
  readonly id: number;
  readonly method: string;
  readonly input: unknown;
}

/** To a thread: it is not needed any more, and ends itself when it has answered. */
export interface End {
  readonly end: true;
}

export type Reply =
  | { readonly id: number; readonly ok: true; readonly value: unknown; readonly notes: readonly unknown[] }
  | {
      readonly id: number;
      readonly ok: false;
      readonly error: ErrorInfo;
      readonly notes: readonly unknown[];
    };

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null;

/** A reply from a process that may be under a stranger's control: anything else is none. */
export function asReply(message: unknown): Reply | null {
  if (!isRecord(message) || typeof message['id'] !== 'number' || !Array.isArray(message['notes']))
    return null;
  if (message['ok'] === true) return message as unknown as Reply;
  return message['ok'] === false &&
    isRecord(message['error']) &&
    typeof message['error']['message'] === 'string'
    ? (message as unknown as Reply)
    : null;
}
