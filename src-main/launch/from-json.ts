/** Launch requests as a person writes them in a file, and as a process would repeat them. */
import { z } from 'zod';
import { userError } from '#shared/base/errors.ts';
import { launchRequest, type InputValue, type LaunchRequest } from '#shared/contract/areas/launch.ts';
import { jobOptions } from '#shared/process/job-options.ts';
import { portAt, type ProcessSpec } from '#shared/process/ports.ts';
import { literalType } from './literal.ts';

const written = z
  .object({
    inputs: z.record(z.string(), z.json()).default({}),
    label: z.string().max(255).default(''),
    description: z.string().default(''),
    computer: z.string().optional(),
    options: jobOptions.optional(),
  })
  .strict();

const nodeReference = z.object({ node: z.uuid() }).strict();

/**
 * Reads the JSON of `stemma launch --inputs`: `{"inputs": {"x": 3, "code": "bash@localhost", "structure": {"node":
 * "<uuid>"}}, "label": …, "options": {…}}`. Names of nested inputs are joined by two underscores.
 * @param computerByLabel gives the UUID of a computer
 * @throws StemmaError `bad-input`
 */
export function launchFromJson(
  spec: ProcessSpec,
  json: unknown,
  computerByLabel: (label: string) => string,
): LaunchRequest {
  const parsed = written.safeParse(json);
  if (!parsed.success) {
    throw userError({
      code: 'bad-input',
      message: `The inputs are not valid: ${z.prettifyError(parsed.error).replaceAll('\n', ' ')}`,
      hint: 'Expected: {"inputs": {…}, "label": "…", "options": {…}}.',
    });
  }
  const { inputs, computer, ...rest } = parsed.data;
  const values: Record<string, InputValue> = {};
  for (const [label, value] of Object.entries(inputs)) {
    const reference = nodeReference.safeParse(value);
    const types = portAt(spec.inputs, label)?.types ?? ['data'];
    values[label] = reference.success
      ? { kind: 'node', uuid: reference.data.node }
      : { kind: 'value', type: literalType(types, value), value };
  }
  return launchRequest.parse({
    ...rest,
    plugin: spec.id,
    inputs: values,
    ...(computer === undefined ? {} : { computer: computerByLabel(computer) }),
  });
}
