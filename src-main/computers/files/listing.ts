import { enter } from '../shell/enter.ts';
import { rawPath, type RawPath } from './raw-path.ts';

/** An entry that a pattern led to, before anything is known of its content. */
export interface Entry {
  readonly raw: RawPath;
  readonly kind: 'file' | 'link' | 'other';
  readonly size: number;
}

export interface Listing {
  readonly entries: readonly Entry[];
  /** Numbers of the patterns that matched nothing. */
  readonly unmatched: ReadonlySet<number>;
}

/** More than this is not taken in one retrieval. */
export const maxEntries = 1_000_000;

/** No path is longer anywhere (PATH_MAX is 4096 and less), so a record without an end is none. */
const longestRecord = 70_000;

/** Takes `./` off, which stands before every name so that none looks like an option. */
export const withoutDot = (raw: RawPath): RawPath => raw.replace(/^(\.\/)+/, '') as RawPath;

/**
 * Lists what patterns lead to. Input: a line `name …` or `glob …` for each pattern. Output: records that end in NUL,
 * `e <kind> <size> <path>` and `n <number of a pattern without match>`. Folders are walked; a link is followed only
 * where it was named by itself. Some shells take `.` and `..` for names that `.*` fits: they are none.
 */
export const listScript = (directory: string): string => `
${enter(directory)}
IFS=
if find . -maxdepth 0 -printf '' >/dev/null 2>&1; then
  print='find "$@" ! -type d -printf "e %y %s %p\\0"'
else
  print='find "$@" ! -type d -exec sh -c "$each" sh "$1" {} +'
fi
each='
  follow=$1; shift
  for f do
    if [ -L "$f" ] && [ "$follow" = -P ]; then k=l s=0
    elif [ -f "$f" ]; then k=f; s=$(wc -c < "$f") || s=0
    else k=o s=0; fi
    printf "e %s %s %s\\0" "$k" "$((s))" "$f"
  done'
export print each
i=0
while read -r line; do
  case $line in
    'name '*) set -- "./\${line#name }"; follow=-H;;
    'glob '*) set -- ./\${line#glob }; follow=-P;;
  esac
  hit=
  for f do
    case $f in */.|*/..|*/./*|*/../*) continue;; esac
    if [ -e "$f" ] || [ -L "$f" ]; then hit=1; fi
    break
  done
  if [ -n "$hit" ]; then
    for f do case $f in */.|*/..|*/./*|*/../*) ;; *) printf '%s\\0' "$f";; esac; done |
      xargs -0 sh -c 'follow=$1; shift; set -- "$follow" "$@"; eval "$print"' sh "$follow"
  else
    printf 'n %s\\0' "$i"
  fi
  i=$((i+1))
done
`;

/** Reads the records as they come; the last may be incomplete until the next piece. */
export class ListingReader {
  #rest: Uint8Array = new Uint8Array(0);
  readonly #seen = new Set<RawPath>();
  readonly #entries: Entry[] = [];
  readonly #unmatched = new Set<number>();
  /** Something that is no record: then the listing is worth nothing. */
  broken = false;

  push(chunk: Uint8Array): void {
    const bytes = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    let start = 0;
    for (let end = bytes.indexOf(0, start); end >= 0; end = bytes.indexOf(0, start)) {
      this.#record(rawPath(bytes.subarray(start, end)));
      start = end + 1;
    }
    this.#rest = bytes.slice(start);
    if (this.#rest.length > longestRecord) {
      this.broken = true;
      this.#rest = new Uint8Array(0);
    }
  }

  /** @returns null where it is not whole */
  result(): Listing | null {
    if (this.broken || this.#rest.length > 0) return null;
    return { entries: this.#entries, unmatched: this.#unmatched };
  }

  get size(): number {
    return this.#entries.length;
  }

  #record(text: string): void {
    const entry = /^e (\w) (\d+) (.+)$/s.exec(text);
    const nothing = /^n (\d+)$/.exec(text);
    if (entry !== null) {
      const raw = withoutDot(entry[3] as RawPath);
      if (this.#seen.has(raw)) return;
      this.#seen.add(raw);
      const kind = entry[1] === 'f' ? 'file' : entry[1] === 'l' ? 'link' : 'other';
      this.#entries.push({ raw, kind, size: Number(entry[2]) });
    } else if (nothing !== null) this.#unmatched.add(Number(nothing[1]));
    else this.broken = true;
  }
}

/**
 * Of links: the size of the file behind, where that lies in the directory; `-` otherwise. Records end in NUL.
 */
export const linkScript = (directory: string): string => `
${enter(directory)}
root=$(pwd -P)
export root
xargs -0 sh -c '
  for f do
    t=$(readlink -f "$f") || t=
    case $t in
      "$root"/*) if [ -f "$t" ]; then s=$(wc -c < "$t") || s=0; printf "%s %s\\0" "$((s))" "$f"; continue; fi;;
    esac
    printf "%s %s\\0" - "$f"
  done' sh
`;

/** Size by path, null where a link leads elsewhere. */
export function readLinks(output: Uint8Array): Map<RawPath, number | null> {
  const found = new Map<RawPath, number | null>();
  for (const record of rawPath(output).split('\0')) {
    const parts = /^(-|\d+) (.+)$/s.exec(record);
    if (parts === null) continue;
    found.set(withoutDot(parts[2] as RawPath), parts[1] === '-' ? null : Number(parts[1]));
  }
  return found;
}
