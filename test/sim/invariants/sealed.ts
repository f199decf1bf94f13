import type { IterationRecord } from '#shared/process/iteration-record.ts';
import type { NodeId } from '#shared/provenance/ids.ts';
import { NodeType } from '#shared/provenance/node-types.ts';
import type { World } from '../world/world.ts';
import type { Cached } from './cached.ts';
import type { Ends, JobAttributes } from './ends.ts';
import type { Iterations } from './iterations.ts';
import type { Kills } from './kills.ts';
import type { Questions } from './questions.ts';
import type { Workflows } from './workflows.ts';

interface Attributes extends JobAttributes {
  readonly answers?: readonly {
    readonly label: string;
    readonly question: string;
    readonly choice: string;
  }[];
  readonly restart_iterations?: readonly IterationRecord[];
}

export interface Judges {
  readonly cached: Cached;
  readonly ends: Ends;
  readonly iterations: Iterations;
  readonly kills: Kills;
  readonly questions: Questions;
  readonly workflows: Workflows;
}

/** A process is sealed: whoever has an opinion about how it ended is asked. */
export function judgeEnd(world: World, id: NodeId, judges: Judges): void {
  const { cached, ends, iterations, kills, questions, workflows } = judges;
  const { core, chronicle } = world;
  if (core === null) return;
  const node = core.store.engine.read((reads) => reads.node(id));
  if (node === null) return;
  const attributes = JSON.parse(node.attributes) as Attributes;
  chronicle.count(`ended: ${attributes.process_state ?? '?'} ${attributes.exit_status ?? ''}`.trim());
  kills.onEnd(node.uuid, attributes.process_state ?? '?');
  switch (node.nodeType) {
    case NodeType.calcJob:
      cached.onEnd(node, attributes);
      if (!cached.isCopy(node.uuid)) ends.onJob(id, node.uuid, attributes);
      return;
    case NodeType.calcFunction:
      cached.onEnd(node, attributes);
      return;
    case NodeType.workChain:
      workflows.onEnd(id, node.uuid, attributes);
      questions.onEnd(node.uuid, attributes);
      iterations.onEnd(id, node.uuid, attributes);
      return;
  }
}
