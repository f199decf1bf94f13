/** What a script is for: AiiDA in Python, or `stemma launch`. */
export const scriptKinds = ['aiida', 'stemma'] as const;
export type ScriptKind = (typeof scriptKinds)[number];
