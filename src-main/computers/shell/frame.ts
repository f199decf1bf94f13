import { cksum } from './cksum.ts';

/**
 * How a script's answer is told from everything else that a login shell prints: a line with a nonce before it, and
 * after it a line with the nonce, the exit code, and `cksum` and length of answer and exit code. Only an answer with both lines,
 * and with the right checksum, was given; anything else means that nothing is known.
 *
 * A stream has no checksum, because a shell cannot compute one on the way: its content must prove itself.
 */
const beginLine = (nonce: string): string => `@@stemma ${nonce} begin@@`;
const overLine = (nonce: string): string => `@@stemma ${nonce} over@@`;
const endLine = (nonce: string): string => `@@stemma ${nonce} end`;

/** Text longer than this before the answer is cut: nobody reads it. */
const noiseLimit = 4000;

/** Longest end line: 12 + nonce + exit code, checksum and length. */
const tailLimit = 160;

function begin(nonce: string): string {
  const line = `printf '\\n%s\\n' '${beginLine(nonce)}'`;
  return `${line}\n${line} >&2\n`;
}

/**
 * Wraps `body` (POSIX sh) so that its standard output is framed and summed. The body runs in a subshell: `exit` ends
 * only the body. A NUL in its output is lost, because shell variables cannot hold one.
 * @param limit in bytes: the shell keeps no more than that in its memory, and the body is ended
 */
export function textFrame(nonce: string, body: string, limit: number): string {
  return (
    `${begin(nonce)}__body() {\n${body}\n}\n` +
    `__out=$({ (__body); printf '.%s' "$?"; } | head -c ${limit + 5})\n` +
    'LC_ALL=C\n' +
    `if [ "\${#__out}" -ge ${limit + 5} ]; then __rc=; else __rc=\${__out##*.}; __out=\${__out%.*}; fi\n` +
    `if [ -z "$__rc" ] || [ "\${#__out}" -gt ${limit} ]; then printf '\\n%s\\n' '${overLine(nonce)}'; exit; fi\n` +
    `printf '%s' "$__out"\n` +
    `printf '\\n%s %s %s@@\\n' '${endLine(nonce)}' "$__rc" "$(printf '%s.%s' "$__out" "$__rc" | cksum)"\n`
  );
}

/**
 * The same where nothing but the script can write to the pipe, and nothing of it can get lost: no checksum, for which a
 * shell has to start programs. `readTextFrame` must be told.
 */
export function localFrame(nonce: string, body: string): string {
  return (
    `${begin(nonce)}__body() {\n${body}\n}\n(__body)\n__rc=$?\n` +
    `printf '\\n%s@@\\n' '${endLine(nonce)}' >&2\nprintf '\\n%s %s@@\\n' '${endLine(nonce)}' "$__rc"\n`
  );
}

/** The same for output of any size and with any bytes, which is passed on as it comes. */
export function streamFrame(nonce: string, body: string): string {
  return `${begin(nonce)}__body() {\n${body}\n}\n(__body)\nprintf '\\n%s %s@@\\n' '${endLine(nonce)}' "$?"\n`;
}

const clip = (text: string): string => (text.length > noiseLimit ? `${text.slice(0, noiseLimit)}…` : text);

const decode = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);

/** What stood before the frame, without the empty line that we print ourselves. */
const noiseOf = (bytes: Uint8Array): string =>
  clip(decode(bytes.subarray(0, noiseLimit * 4)).replace(/\n$/, ''));

function find(haystack: Uint8Array, text: string, last = false): number {
  const buffer = Buffer.from(haystack.buffer, haystack.byteOffset, haystack.byteLength);
  return last ? buffer.lastIndexOf(text) : buffer.indexOf(text);
}

const summedEnd = /^\n@@stemma \S+ end (\d{1,3}) (\d+) (\d+)@@\n/;
const plainEnd = /^\n@@stemma \S+ end (\d{1,3})@@\n/;

/** An answer that was proved to be whole. */
export interface TextAnswer {
  readonly exitCode: number;
  readonly bytes: Uint8Array;
  /** What else was printed on standard output: a sign of a login script that is not silent. */
  readonly noise: string;
}

/** Why it is not known what the script printed, or whether it ran. */
export type FrameFault =
  /** Neither line: the script never began. */
  | { readonly kind: 'no-begin'; readonly noise: string }
  /** The answer was cut off. */
  | { readonly kind: 'no-end'; readonly noise: string }
  /** The answer is longer than the limit. */
  | { readonly kind: 'too-long'; readonly noise: string }
  /** Something else got into the answer. */
  | { readonly kind: 'damaged'; readonly noise: string };

/**
 * Reads all that came on standard output. Null is never given: it is an answer or a fault.
 * @param summed whether the frame has a checksum, which it must have where it came over a network
 */
export function readTextFrame(output: Uint8Array, nonce: string, summed = true): TextAnswer | FrameFault {
  const first = `\n${beginLine(nonce)}\n`;
  const start = find(output, first);
  if (start < 0) return { kind: 'no-begin', noise: noiseOf(output) };
  const before = output.subarray(0, start);
  const rest = output.subarray(start + first.length);
  const end = find(rest, `\n${endLine(nonce)} `, true);
  if (end < 0 && find(rest, `\n${overLine(nonce)}\n`, true) >= 0)
    return { kind: 'too-long', noise: noiseOf(before) };
  if (end < 0) return { kind: 'no-end', noise: noiseOf(before) };
  const closing = (summed ? summedEnd : plainEnd).exec(decode(rest.subarray(end, end + tailLimit)));
  if (closing === null) return { kind: 'no-end', noise: noiseOf(before) };
  const bytes = rest.subarray(0, end);
  const [whole, exitCode = '', sum, length] = closing;
  const content = Buffer.concat([bytes, Buffer.from(`.${exitCode}`)]);
  if (summed && (Number(length) !== content.length || Number(sum) !== cksum(content))) {
    return { kind: 'damaged', noise: noiseOf(before) };
  }
  const after = decode(rest.subarray(end + whole.length));
  return { exitCode: Number(exitCode), bytes, noise: clip(noiseOf(before) + after) };
}

/** Whether the end line is there already, so that nobody needs to wait for the channel to close. */
export const textFrameEnded = (tail: Uint8Array, nonce: string): boolean => {
  const at = Math.max(find(tail, `\n${endLine(nonce)} `, true), find(tail, `\n${overLine(nonce)}\n`, true));
  return at >= 0 && /@@\n/.test(decode(tail.subarray(at + 3)));
};

/** Whether standard error is whole, in a frame that says so: it comes on a pipe of its own, perhaps after the answer. */
export const errorTextEnded = (output: string, nonce: string): boolean =>
  output.includes(`\n${endLine(nonce)}@@\n`);

/** The part of standard error that belongs to the script. */
export function readErrorText(output: Uint8Array, nonce: string): string {
  const text = decode(output);
  const first = `\n${beginLine(nonce)}\n`;
  const at = text.indexOf(first);
  const rest = at < 0 ? text : text.slice(at + first.length);
  const end = rest.indexOf(`\n${endLine(nonce)}@@\n`);
  return end < 0 ? rest : rest.slice(0, end);
}

/** Takes the frame off a stream while it comes. */
export class StreamUnframer {
  readonly #nonce: string;
  #held: Uint8Array = new Uint8Array(0);
  #begun = false;
  #noise = '';

  constructor(nonce: string) {
    this.#nonce = nonce;
  }

  /** The content that is sure to be content by now. */
  push(chunk: Uint8Array): Uint8Array {
    this.#held = this.#held.length === 0 ? chunk : Buffer.concat([this.#held, chunk]);
    if (!this.#begun) {
      const first = `\n${beginLine(this.#nonce)}\n`;
      const start = find(this.#held, first);
      if (start < 0) {
        // endless noise is not kept
        if (this.#held.length > 1_000_000) this.#held = this.#held.subarray(-1000);
        return new Uint8Array(0);
      }
      this.#noise = noiseOf(this.#held.subarray(0, start));
      this.#held = this.#held.subarray(start + first.length);
      this.#begun = true;
    }
    const sure = Math.max(0, this.#held.length - tailLimit);
    const content = this.#held.subarray(0, sure);
    this.#held = this.#held.subarray(sure);
    return content;
  }

  /** The last piece of content and the exit code, once nothing more comes. */
  end():
    | { readonly content: Uint8Array; readonly exitCode: number; readonly noise: string }
    | Exclude<FrameFault, { kind: 'too-long' }> {
    if (!this.#begun) return { kind: 'no-begin', noise: noiseOf(this.#held) };
    const at = find(this.#held, `\n${endLine(this.#nonce)} `, true);
    const closing = at < 0 ? null : /^\n@@stemma \S+ end (\d{1,3})@@\n/.exec(decode(this.#held.subarray(at)));
    if (closing === null) return { kind: 'no-end', noise: this.#noise };
    return { content: this.#held.subarray(0, at), exitCode: Number(closing[1]), noise: this.#noise };
  }
}
