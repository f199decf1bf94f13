type Lookup = (name: string) => number;

/** Whole numbers with `+ - * / %`, comparisons and parentheses, as in `$((…))`. */
export function evaluate(expression: string, lookup: Lookup): number {
  const tokens = expression.match(/\d+|[A-Za-z_]\w*|==|!=|<=|>=|[-+*/%()<>]|\S/g) ?? [];
  let at = 0;
  const fail = (): never => {
    throw new Error(`The simulator cannot evaluate $((${expression})).`);
  };
  const primary = (): number => {
    const token = tokens[at++];
    if (token === undefined) return fail();
    if (token === '(') {
      const value = comparison();
      if (tokens[at++] !== ')') fail();
      return value;
    }
    if (token === '-') return -primary();
    if (token === '+') return primary();
    if (/^\d/.test(token)) return Number.parseInt(token, token.length > 1 && token.startsWith('0') ? 8 : 10);
    return /^\w/.test(token) ? lookup(token) : fail();
  };
  const level =
    (next: () => number, operators: Readonly<Record<string, (a: number, b: number) => number>>) =>
    (): number => {
      let value = next();
      for (
        let operate = operators[tokens[at] ?? ''];
        operate !== undefined;
        operate = operators[tokens[at] ?? '']
      ) {
        at++;
        value = operate(value, next());
      }
      return value;
    };
  const product = level(primary, {
    '*': (a, b) => a * b,
    '/': (a, b) => Math.trunc(a / b),
    '%': (a, b) => a % b,
  });
  const sum = level(product, { '+': (a, b) => a + b, '-': (a, b) => a - b });
  const comparison = level(sum, {
    '<': (a, b) => Number(a < b),
    '>': (a, b) => Number(a > b),
    '<=': (a, b) => Number(a <= b),
    '>=': (a, b) => Number(a >= b),
    '==': (a, b) => Number(a === b),
    '!=': (a, b) => Number(a !== b),
  });
  if (tokens.length === 0) return 0;
  const value = comparison();
  if (at < tokens.length) fail();
  return value;
}
