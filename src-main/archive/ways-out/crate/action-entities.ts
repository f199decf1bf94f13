import type { Leaving, LeavingNode } from '../leaving.ts';
import { processFacts } from '../process-facts.ts';
import { stepKey, type Definition } from './definitions.ts';
import { isoTime, ref, refs, type Entity } from './entity.ts';

/** `@id` of the run of a process in the crate, which is no file of it. */
export const actionId = (node: LeavingNode): string => `#run-${node.uuid}`;
const organizeId = (node: LeavingNode): string => `#steps-of-${node.uuid}`;
const controlId = (node: LeavingNode): string => `#start-of-${node.uuid}`;

/** `@id` of a user. By the row here: the `@id` itself names nobody. */
export const personId = (user: number): string => `#person-${user}`;

export const engineId = '#engine';

export interface ActionParts {
  readonly leaving: Leaving;
  readonly definitions: ReadonlyMap<number, Definition>;
  /** `@id` of each data node. */
  readonly dataIds: ReadonlyMap<number, string>;
  /** `@id` of the folder with the files of a process itself. */
  readonly ownFiles: string | null;
}

/**
 * A run: a CreateAction, and for a workflow with steps an OrganizeAction whose ControlActions start each of them
 * (Provenance Run Crate 0.5).
 */
export function actionEntities(node: LeavingNode, parts: ActionParts): readonly Entity[] {
  const { leaving, definitions, dataIds, ownFiles } = parts;
  const facts = processFacts(leaving, node);
  const definition = definitions.get(node.id);
  if (definition === undefined) return [];
  const data = (nodes: readonly LeavingNode[]) => refs(nodes.flatMap(({ id }) => dataIds.get(id) ?? []));
  const status = {
    actionStatus: `http://schema.org/${facts.isFailed ? 'Failed' : 'Completed'}ActionStatus`,
    error: facts.isFailed ? facts.words : undefined,
    startTime: isoTime(node.ctime),
    endTime: isoTime(node.mtime),
    agent: ref(personId(node.user)),
  };
  const run: Entity = {
    '@id': actionId(node),
    '@type': 'CreateAction',
    name:
      node.name === definition.name ? `Run of ${definition.name}` : `${node.name}: run of ${definition.name}`,
    description: node.description || `A run of ${definition.name}, which ${facts.words}.`,
    identifier: `urn:uuid:${node.uuid}`,
    instrument: ref(definition.id),
    object: data(leaving.inputs(node).map(({ source }) => source)),
    result: data(leaving.outputs(node).map(({ target }) => target)),
    subjectOf: ownFiles === null ? undefined : ref(ownFiles),
    ...status,
  };
  const steps = leaving.called(node).flatMap(({ label, target }) => {
    const tool = definitions.get(target.id);
    const step = tool === undefined ? undefined : definition.steps.get(stepKey(label, tool));
    return step === undefined ? [] : [{ step, target }];
  });
  if (steps.length === 0) return [run];
  return [
    run,
    {
      '@id': organizeId(node),
      '@type': 'OrganizeAction',
      name: `The steps of ${node.name}`,
      instrument: ref(engineId),
      object: steps.map(({ target }) => ref(controlId(target))),
      result: ref(actionId(node)),
      ...status,
    },
    ...steps.map(({ step, target }): Entity => ({
      '@id': controlId(target),
      '@type': 'ControlAction',
      name: `Start of ${target.name} as ${step.label}`,
      instrument: ref(step.id),
      object: ref(actionId(target)),
    })),
  ];
}
