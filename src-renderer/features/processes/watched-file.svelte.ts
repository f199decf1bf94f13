import { errorInfo, type ErrorInfo } from '#shared/base/errors.ts';
import { FileTail, type ReadPart } from './file-tail.ts';

/** Where a file is read from: the work directory of a running job, or what came back. */
export interface FileSource {
  /** It may grow while it is looked at. */
  readonly grows: boolean;
  /** @param from null for the end of the file; at most `most` bytes */
  read(path: string, from: number | null, most: number, signal: AbortSignal): Promise<ReadPart>;
}

/** A piece of text that came, and when; null for what was there before we looked. */
export interface Piece {
  readonly text: string;
  /** Milliseconds since 1970. */
  readonly time: number | null;
}

const everyMs = 5000;
const mostAtOnce = 1_000_000;
/** More of a text is not kept: what came first is dropped. */
const mostKept = 4_000_000;

/** A file as text that grows. Called while a component is made. */
export class WatchedFile {
  readonly #source: () => FileSource;
  readonly #path: () => string;
  #pieces: Piece[] = $state.raw([]);
  #size = $state(0);
  #from = $state(0);
  #error: ErrorInfo | null = $state.raw(null);
  #loading = $state(true);
  #round = $state(0);
  paused = $state(false);
  readonly text = $derived(this.#pieces.map(({ text }) => text).join(''));

  constructor(source: () => FileSource, path: () => string) {
    this.#source = source;
    this.#path = path;
    $effect(() => this.#follow());
  }

  get pieces(): readonly Piece[] {
    return this.#pieces;
  }

  /** Bytes of the whole file. */
  get size(): number {
    return this.#size;
  }

  /** Bytes that were left out before the text. */
  get from(): number {
    return this.#from;
  }

  get error(): ErrorInfo | null {
    return this.#error;
  }

  get loading(): boolean {
    return this.#loading;
  }

  /** Reads from the beginning of what is shown. */
  reload(): void {
    this.#round++;
  }

  #follow(): () => void {
    const source = this.#source();
    const path = this.#path();
    void this.#round;
    const abort = new AbortController();
    let timer: ReturnType<typeof setTimeout> | undefined;
    let decoder = new TextDecoder();
    const tail = new FileTail();
    this.#pieces = [];
    this.#error = null;
    this.#loading = true;
    const start = (from: number): void => {
      decoder = new TextDecoder();
      this.#pieces = [];
      this.#from = from;
    };
    const look = async (): Promise<void> => {
      const first = tail.from === null;
      let part = await source.read(path, tail.from, mostAtOnce, abort.signal);
      let step = tail.take(part);
      if (step.kind === 'again') {
        part = await source.read(path, tail.from, mostAtOnce, abort.signal);
        step = tail.take(part);
      }
      if (abort.signal.aborted || step.kind === 'again') return;
      if (step.kind === 'begin') start(step.from);
      let text = decoder.decode(step.bytes, { stream: true });
      // the middle of a line is no line
      if (first && part.from > 0) text = text.slice(text.indexOf('\n') + 1);
      this.#size = part.size;
      if (text !== '') this.#add({ text, time: first ? null : Date.now() });
    };
    const again = async (): Promise<void> => {
      try {
        await look();
        this.#error = null;
      } catch (thrown) {
        const info = errorInfo(thrown);
        if (abort.signal.aborted || info.code === 'disconnected' || info.code === 'cancelled') return;
        this.#error = info;
      }
      if (abort.signal.aborted) return;
      this.#loading = false;
      next();
    };
    const next = (): void => {
      if (abort.signal.aborted || !source.grows) return;
      timer = setTimeout(() => (this.paused || document.hidden ? next() : void again()), everyMs);
    };
    void again();
    return () => {
      abort.abort();
      clearTimeout(timer);
    };
  }

  #add(piece: Piece): void {
    let pieces = [...this.#pieces, piece];
    let kept = pieces.reduce((sum, { text }) => sum + text.length, 0);
    while (kept > mostKept && pieces.length > 1) {
      const [dropped, ...rest] = pieces;
      pieces = rest;
      kept -= dropped?.text.length ?? 0;
      this.#from = Math.max(this.#from, 1);
    }
    this.#pieces = pieces;
  }
}
