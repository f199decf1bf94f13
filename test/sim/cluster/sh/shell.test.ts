import { spawnSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { shellQuote } from '#main/computers/shell/quote.ts';
import { ClusterBench } from '../cluster-bench.ts';

const snippets: readonly string[] = [
  'echo a; echo b && echo c || echo d; false || echo e; ! false; echo $?',
  'x=1; y=$((x + 2 * 3 - 4 / 2)); echo "$y" $((y == 5)) $(( (1 + 2) * 3 ))',
  'f() { echo "in $1 $#"; return 3; echo never; }; f "a b" c; echo $?; set -- "x y" z; echo "$1|$2|$*|$#"; shift; echo "$1"',
  'for i in a "b c" d; do echo "<$i>"; done; for i; do echo never; done',
  'i=0; while [ "$i" -lt 3 ]; do i=$((i+1)); echo $i; done; until [ $i = 0 ]; do i=$((i-1)); done; echo $i',
  'case abc in a) echo 1;; (*b*) echo 2;; *) echo 3;; esac; case "x|y" in *"|"*) echo bar;; esac; case z in a|z) echo az;; esac',
  'p=/a/b.c/d.tar.gz; echo ${p##*/} ${p#*/} ${p%.*} ${p%%.*} ${#p} ${none-unset} ${none:-empty} ${p:+set}',
  's="a  b   c"; set -- $s; echo $#; IFS=; set -- $s; echo $#',
  `first="#!/bin/bash -l  "; first=\${first#'#!'}; program=\${first%%[[:space:]]*}; option=\${first#"$program"}; option=\${option#"\${option%%[![:space:]]*}"}; echo "<$program> <$option>"`,
  "printf '%s-%s\\n' a b c; printf '%s' x; printf '\\n%s %s\\n' 1 2; printf '%d%%\\n' 7",
  'printf "a b c\\nd\\n" | while read -r x y; do echo "$y,$x"; done; printf "  lead\\n" | { IFS= read -r l; echo "<$l>"; }',
  'printf \'no end\' | { read -r x || echo "end <$x>"; }',
  '(exit 3); echo $?; (x=2; echo $x); echo "<$x>"; { x=4; }; echo $x; y=$(exit 5) || echo $?',
  'v=$(printf "a\\n\\n\\n"); echo "<$v>"; echo "$(echo "$(echo deep)")"',
  "trap 'echo bye; exit 7' EXIT; echo hi; exit 3",
  "trap 'echo term; exit 9' TERM; kill -s TERM $$; echo not here",
  'mkdir d && echo made; mkdir d 2>/dev/null || echo there; [ -d d ] && [ ! -e d/x ] && echo ok; mkdir -p d/e/f; ls d',
  'echo one > f; echo two >> f; cat f; wc -l < f | tr -d " "; tail -n 1 f; head -n 1 f; tail -c 3 f',
  'echo x > a; ln a b && cat b; ln a b 2>/dev/null || echo refused; mv a c; cat b c; rm -f a b; ls; rm c; [ -e c ] || echo gone',
  'echo a > x1; echo b > x2; echo .h > .h; set -- x*; echo $# "$@"; set -- nothing*; echo "$1"; for f in ./.h*; do echo "$f"; done',
  "printf 'a1\\nb2\\n' | sed 's/^/> /'; printf 'a1\\nb2\\n' | sed -n 's/^\\(a\\)\\([0-9]\\)/\\2\\1/p'; printf 'a\\n\\nb\\n' | grep .; printf 'a\\nb\\n' | grep -v '^a'",
  '{ echo out; echo err >&2; } 2>/dev/null; { echo both; echo err >&2; } > log 2>&1; cat log; { read -r n < none; } 2>/dev/null || echo no file',
  '{ : > no/such/place; } 2>/dev/null\necho not reached',
  "{ printf '' > no/such/place; } 2>/dev/null\necho reached",
  'x=1 y="$x 2" z=\'3 4\'; echo "$x" "$y" $z "a\\"b\\$c\\\\d" \'single "quoted"\'; export x; unset y; echo "<$y>"',
  'eval "echo \\$((1+1))"; dirname /a/b/c; dirname x; basename /a/b; cd / && pwd; command -v cat >/dev/null && echo found; command -v nothing-here || echo none',
  'sleep 0.01 & wait; echo waited; dd bs=3 count=1 < /dev/null; printf abcdef | dd bs=3 count=1 2>/dev/null; echo',
];

function real(script: string): { readonly status: number | null; readonly stdout: string } {
  const whole = `d=$(mktemp -d) && cd "$d" || exit 99\nsh -c ${shellQuote(script)}\ns=$?\ncd / && rm -rf "$d"\nexit $s`;
  const { status, stdout } = spawnSync('/bin/sh', ['-c', whole], {
    encoding: 'utf8',
    env: { PATH: process.env['PATH'], LC_ALL: 'C' },
  });
  return { status, stdout };
}

async function virtual(script: string): Promise<{ readonly status: number; readonly stdout: string }> {
  const bench = new ClusterBench({ stepMs: [0, 0] });
  const whole = `mkdir -p /tmp/place && cd /tmp/place || exit 99\nsh -c ${shellQuote(script)}`;
  const { exitCode, stdout } = await bench.ask('a snippet', { script: whole });
  return { status: exitCode, stdout };
}

describe('the shell of the virtual cluster', () => {
  test.each(snippets)('does what the real one does: %s', async (script) => {
    expect(await virtual(script)).toEqual(real(script));
  });

  test('takes prefixes and suffixes off as the real one does, whatever the text and the pattern', async () => {
    const text = fc.stringMatching(/^[ab.*?/ -]{0,12}$/);
    const pattern = fc.stringMatching(/^([ab./]|\*|\?|\[ab\]|\[!a\]){0,5}$/);
    const cases = fc.sample(fc.tuple(text, pattern), { seed: 20_261_122, numRuns: 300 });
    const lines = cases.flatMap(([value, cut]) => [
      `v=${shellQuote(value)}`,
      ...['#', '##', '%', '%%'].map((operator) => `printf '<%s>' "\${v${operator}${cut}}"`),
      `p=${shellQuote(cut)}; case $v in $p) echo fits;; *) echo differs;; esac`,
    ]);
    expect(await virtual(lines.join('\n'))).toEqual(real(lines.join('\n')));
  });

  test('reads back every text that was quoted', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'binary' }), async (value) => {
        fc.pre(!value.includes('\0'));
        expect((await virtual(`printf '%s' ${shellQuote(value)}`)).stdout).toBe(value);
      }),
      { seed: 20_261_122, numRuns: 200 },
    );
  });
});
