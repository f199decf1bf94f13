/** Types before AiiDA 1 and 2 (`data.base.Int.`, `data.parameter.ParameterData.`, `data.array.…`) as they are called now. */
export function presentType(nodeType: string): string {
  const base = /^data\.base\.(\w+)\.$/.exec(nodeType)?.[1];
  if (base !== undefined) return `data.core.${base.toLowerCase()}.${base}.`;
  if (nodeType.startsWith('data.parameter.')) return 'data.core.dict.Dict.';
  return /^data\.(array|singlefile|folder|remote|structure|cif|upf|orbital)\./.test(nodeType)
    ? nodeType.replace('data.', 'data.core.')
    : nodeType;
}
