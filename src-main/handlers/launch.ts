import { userError } from '#shared/base/errors.ts';
import type { Handlers } from '#shared/channel/server.ts';
import type { InputValue, launchArea, LaunchRequest } from '#shared/contract/areas/launch.ts';
import { jobOptions, type JobOptions } from '#shared/process/job-options.ts';
import { stopRules } from '#shared/process/stop-rules.ts';
import type { StopRule } from '#shared/process/rule-types.ts';
import { parseUuid, type Uuid } from '#shared/provenance/ids.ts';
import { nodeKind } from '#shared/provenance/node-types.ts';
import type { NodeRecord } from '../engine/ports.ts';
import type { LaunchDeps } from '../launch/deps.ts';
import { previewLaunch, submitLaunch } from '../launch/launch.ts';

/** What can be launched, and launching it. */
export function makeLaunchHandlers(launch: LaunchDeps): Handlers<typeof launchArea> {
  const { plugins } = launch.deps;
  return {
    'launch.processes': () =>
      plugins.specs().map((spec) => ({ ...spec, exitCodes: spec.exitCodes.map((code) => ({ ...code })) })),
    'launch.preview': (request, { signal }) => previewLaunch(launch, request, signal),
    'launch.submit': (request, { signal }) => submitLaunch(launch, request, signal),
    'launch.again': ({ uuid }) => again(launch, parseUuid(uuid)),
  };
}

/**
 * The request that would launch a process again: the same nodes as inputs, the same options; and the same computer, where
 * no code is among the inputs, which says it.
 */
function again({ deps }: LaunchDeps, uuid: Uuid): LaunchRequest {
  return deps.store.read((reads) => {
    const node = reads.nodeByUuid(uuid);
    const spec = deps.plugins.specs().find(({ processType }) => processType === node?.processType);
    if (node === null || spec === undefined) {
      throw userError({
        code: 'not-launchable',
        message: `There is no plugin here for “${node?.processType ?? uuid}”, so it cannot be launched again.`,
        subject: uuid,
      });
    }
    const inputs: Record<string, InputValue> = {};
    let computer = spec.kind !== 'calculation-job' || node.computer === null ? null : node.computer;
    for (const link of reads.incoming(node.id)) {
      if (link.type !== 'input_calc' && link.type !== 'input_work') continue;
      const input = reads.node(link.source);
      if (input === null) continue;
      inputs[link.label] = { kind: 'node', uuid: input.uuid };
      if (nodeKind(input.nodeType) === 'code') computer = null;
    }
    const options = spec.kind === 'calculation-job' ? optionsOf(node) : undefined;
    const rules = spec.kind === 'calculation-job' ? rulesOf(node) : undefined;
    const { label, description } = node;
    const where = computer === null ? null : deps.computers.uuidOf(computer);
    return {
      plugin: spec.id,
      inputs,
      label,
      description,
      options,
      rules,
      ...(where !== null && { computer: where }),
    };
  });
}

function rulesOf(node: NodeRecord): readonly StopRule[] | undefined {
  const { stop_rules: given } = JSON.parse(node.attributes) as { readonly [key: string]: unknown };
  const parsed = stopRules.safeParse(given);
  return parsed.success ? parsed.data : undefined;
}

/** Options are flat attributes of the node. What an archive has in another shape is left to the defaults. */
function optionsOf(node: NodeRecord): JobOptions {
  const attributes = JSON.parse(node.attributes) as { readonly [key: string]: unknown };
  const names = Object.keys(jobOptions.shape);
  const given = Object.fromEntries(
    names.filter((name) => name in attributes).map((name) => [name, attributes[name]]),
  );
  const parsed = jobOptions.safeParse(given);
  return parsed.success ? parsed.data : jobOptions.parse({});
}
