import { flatPorts, type ProcessSpec, type ValueType } from '#shared/process/ports.ts';
import { literalData, literalType, type LiteralData } from './literal.ts';

export interface Literal {
  readonly type: ValueType;
  readonly value: unknown;
}

/** What the ports that are given nothing get, by flat label. */
export function* defaultsOf(
  spec: ProcessSpec,
  given: Readonly<Record<string, unknown>>,
): Generator<readonly [label: string, Literal]> {
  for (const [label, { types, defaultValue: value }] of flatPorts(spec.inputs)) {
    if (value === undefined || Object.hasOwn(given, label)) continue;
    yield [label, { type: literalType(types, value), value }];
  }
}

/**
 * The inputs with which a process runs: what it is given, and the defaults of its other ports as data of their own, as
 * AiiDA stores them. A default that names a code stays away: which code that is, the form finds out.
 */
export function withDefaults<Given>(
  spec: ProcessSpec,
  given: Readonly<Record<string, Given>>,
): Readonly<Record<string, Given | LiteralData>> {
  const all: Record<string, Given | LiteralData> = { ...given };
  for (const [label, { type, value }] of defaultsOf(spec, given)) {
    if (type !== 'code') all[label] = literalData(type, value);
  }
  return all;
}
