/** A kind of a StructureData: one element, or several with weights (an alloy, vacancies). */
interface Kind {
  readonly name: string;
  readonly symbols: readonly string[];
  readonly weights: readonly number[];
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function readKind(value: unknown): Kind | null {
  if (!isRecord(value)) return null;
  const { name, symbols, weights } = value;
  if (typeof name !== 'string' || !Array.isArray(symbols) || !Array.isArray(weights)) return null;
  return { name, symbols: symbols.map(String), weights: weights.map(Number) };
}

/** As AiiDA writes a kind: `Si`, or `{Ba0.80Ca0.10X0.10}` where X is what is missing to one. */
function kindText({ symbols, weights }: Kind): string {
  const [only] = symbols;
  if (symbols.length === 1 && only !== undefined && weights[0] === 1) return only;
  const pieces = symbols.map((symbol, i) => `${symbol}${(weights[i] ?? 0).toFixed(2)}`);
  const missing = 1 - weights.reduce((sum, weight) => sum + weight, 0);
  if (missing > 1e-6) pieces.push(`X${missing.toFixed(2)}`);
  return `{${pieces.toSorted((a, b) => (a < b ? -1 : 1)).join('')}}`;
}

/** Hill's order: carbon, then hydrogen, then the rest by name; without carbon all by name. */
function hillOrder(texts: readonly string[]): readonly string[] {
  const sorted = texts.toSorted((a, b) => (a < b ? -1 : a > b ? 1 : 0));
  if (!sorted.includes('C')) return sorted;
  const first = ['C', 'H'].filter((symbol) => sorted.includes(symbol));
  return [...first, ...sorted.filter((text) => text !== 'C' && text !== 'H')];
}

/**
 * The chemical formula of a StructureData from its attributes `kinds` and `sites`, in Hill's order as AiiDA's
 * `get_formula` gives it: `Si2`, `C2H6O`. Empty where the attributes are none of a structure.
 */
export function structureFormula(kinds: unknown, sites: unknown): string {
  if (!Array.isArray(kinds) || !Array.isArray(sites)) return '';
  const texts = new Map<string, string>();
  for (const value of kinds) {
    const kind = readKind(value);
    if (kind !== null) texts.set(kind.name, kindText(kind));
  }
  const counts = new Map<string, number>();
  for (const site of sites) {
    const name = isRecord(site) ? site['kind_name'] : undefined;
    const text = typeof name === 'string' ? (texts.get(name) ?? name) : '?';
    counts.set(text, (counts.get(text) ?? 0) + 1);
  }
  return hillOrder([...counts.keys()])
    .map((text) => `${text}${counts.get(text) === 1 ? '' : counts.get(text)}`)
    .join('');
}
