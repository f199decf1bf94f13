import type { NodeRef } from '#shared/contract/common.ts';
import type { ProcessSpec } from '#shared/process/ports.ts';
import { recall, remember } from '#renderer/design/remember.ts';
import type { Core } from '#renderer/state/core.svelte.ts';
import { emptyDraft, type LaunchDraft } from './model/draft.ts';
import { draftOf } from './model/fill-draft.ts';
import { keep, revive } from './model/kept-draft.ts';

/** Which form: that of a plugin, or the one that repeats a process. Each plugin keeps one draft of either. */
export interface DraftPlace {
  readonly spec: ProcessSpec;
  /** The folder of the profile: nodes and files of another one mean nothing here. */
  readonly profile: string;
  /** The process that is launched again. */
  readonly from: string | null;
  /** Whether what it finished is taken over. */
  readonly resume: boolean;
}

const keyOf = ({ spec, from }: DraftPlace): string =>
  from === null ? `launch.draft.${spec.id}` : `launch.again.${spec.id}`;
const ownerOf = ({ profile, from }: DraftPlace): string => `${profile} ${from ?? ''}`;

/** On this machine only; files that were chosen are named in it and not contained. */
export const keepDraft = (place: DraftPlace, draft: LaunchDraft): void =>
  remember(keyOf(place), keep(ownerOf(place), draft));

/** When it was launched, or a person begins anew. */
export const dropDraft = (place: DraftPlace): void => remember(keyOf(place), null);

export interface StartDraft {
  readonly draft: LaunchDraft;
  /** What was kept from an earlier visit, and not a fresh form. */
  readonly wasKept: boolean;
}

/** What a form begins with. @throws StemmaError where the process cannot be launched again */
export async function startDraft(core: Core, place: DraftPlace, signal: AbortSignal): Promise<StartDraft> {
  const kept = recall(keyOf(place), (stored) => revive(place.spec, ownerOf(place), stored));
  if (kept !== null) return { draft: kept, wasKept: true };
  return { draft: await freshDraft(core, place, signal), wasKept: false };
}

/** The form as it is before a person has touched it. */
export async function freshDraft(
  core: Core,
  { spec, from }: DraftPlace,
  signal: AbortSignal,
): Promise<LaunchDraft> {
  if (from === null) return emptyDraft(spec);
  const request = await core.call('launch.again', { uuid: from }, signal);
  const uuids = Object.values(request.inputs).flatMap((input) => (input.kind === 'node' ? [input.uuid] : []));
  const nodes = new Map<string, NodeRef>();
  await Promise.all(
    [...new Set(uuids)].map(async (uuid) => {
      const [node] = await core.call('nodes.resolve', { text: uuid }, signal);
      if (node !== undefined) nodes.set(uuid, node);
    }),
  );
  return draftOf(spec, request, nodes);
}
