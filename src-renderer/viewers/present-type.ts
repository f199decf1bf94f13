/** The types of AiiDA 1 that AiiDA 2 calls `data.core.…`; those of plugins keep their names. */
const beforeTwo =
  /^data\.(array|bool|cif|code|dict|enum|float|folder|int|jsonable|list|numeric|orbital|remote|singlefile|str|structure|upf)\./;

/** Types before AiiDA 1 and 2 (`data.base.Int.`, `data.parameter.ParameterData.`, `data.array.…`) as they are called now. */
export function presentType(nodeType: string): string {
  const base = /^data\.base\.(\w+)\.$/.exec(nodeType)?.[1];
  if (base !== undefined) return `data.core.${base.toLowerCase()}.${base}.`;
  if (nodeType.startsWith('data.parameter.')) return 'data.core.dict.Dict.';
  return beforeTwo.test(nodeType) ? nodeType.replace('data.', 'data.core.') : nodeType;
}
