import { errorInfo, userError } from '#shared/base/errors.ts';
import type { LaunchPreview, LaunchRequest } from '#shared/contract/areas/launch.ts';
import { jobFiles } from '#shared/process/job-options.ts';
import { newUuid, type Uuid } from '#shared/provenance/ids.ts';
import { badInput } from '../engine/inputs/check.ts';
import type { MadeData } from '../engine/ports.ts';
import { planJob, type PlannedJob } from '../engine/performers/prepare.ts';
import { makeReady } from '../engine/ready-data.ts';
import { newToken } from '../engine/token.ts';
import type { ReadyData } from '../engine/events.ts';
import { previewCache } from './cache-preview.ts';
import type { LaunchDeps } from './deps.ts';
import { resumeIssue, resumeOf } from './resume-issue.ts';
import { planResume } from './resume-plan.ts';
import { resolveLaunch, type ResolvedLaunch } from './resolve.ts';

/** Files larger than this are named in a preview, not shown. */
const shownBytes = 100_000;

/** What a launch would submit, to the byte; nothing is stored. */
export async function previewLaunch(
  launch: LaunchDeps,
  request: LaunchRequest,
  signal: AbortSignal,
): Promise<LaunchPreview> {
  const resolution = await resolveLaunch(launch, request, signal);
  if (resolution.kind === 'issues') return { issues: [...resolution.issues], job: null };
  const { spec, values, job } = resolution.launch;
  if (request.resume !== undefined) {
    const issue = resumeIssue(launch, request);
    if (issue !== null) return { issues: [{ field: '', message: issue }], job: null };
    const plan = await planResume(launch.deps, spec.id, values, resumeOf(request), signal);
    return { issues: [], job: null, resume: plan };
  }
  const cache = previewCache(launch.deps, resolution.launch, request.caching ?? 'profile');
  if (job === null) return { issues: [], job: null, cache };
  try {
    const planned = await planJob(
      launch.deps,
      { plugin: spec.id, inputs: values, computer: job.computer, options: job.options },
      signal,
    );
    if (planned.kind === 'threw') return { issues: [{ field: '', message: planned.error }], job: null };
    return { issues: [], job: await shown(launch, job.computer, planned.job), cache };
  } catch (error) {
    const info = errorInfo(error);
    if (info.family === 'unexpected') throw error;
    const field = info.code === 'bad-resources' ? 'options.resources' : 'options';
    return { issues: [{ field, message: info.message }], job: null };
  }
}

async function shown(
  launch: LaunchDeps,
  computer: Uuid,
  planned: PlannedJob,
): Promise<NonNullable<LaunchPreview['job']>> {
  const facts = launch.computer(computer);
  const { calculation, script } = planned;
  const decode = (bytes: Uint8Array): string | null => {
    if (bytes.length > shownBytes) return null;
    try {
      return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    } catch {
      return null;
    }
  };
  const copies = await Promise.all(
    calculation.localCopies.map(async ({ to, content }) => ({
      path: to,
      size: typeof content === 'string' ? ((await launch.objectSize(content)) ?? 0) : content.length,
      text: typeof content === 'string' ? null : decode(content),
      origin: 'from an input',
    })),
  );
  const scriptBytes = new TextEncoder().encode(script);
  const files = [
    { path: jobFiles.submitScript, size: scriptBytes.length, text: script, origin: 'job script' },
    ...calculation.files.map(({ path, content }) => ({
      path,
      size: content.length,
      text: decode(content),
      origin: 'prepared',
    })),
    ...copies,
    ...calculation.remoteCopies.map(({ from, to }) => ({
      path: to,
      size: 0,
      text: null,
      origin: `copied there from ${from}`,
    })),
    ...calculation.remoteSymlinks.map(({ from, to }) => ({
      path: to,
      size: 0,
      text: null,
      origin: `linked there to ${from}`,
    })),
  ];
  return {
    computer: facts?.label ?? '',
    scheduler: facts?.scheduler ?? '',
    workDirectory: `${(facts?.workDirectory ?? '').replace(/\/$/, '')}/{uuid}/a1`,
    script,
    files,
    retrieve: [...planned.retrieve],
  };
}

/** Stores and starts. @throws StemmaError `bad-input` with every complaint, `local-disk-short` */
export async function submitLaunch(
  launch: LaunchDeps,
  request: LaunchRequest,
  signal: AbortSignal,
): Promise<{ readonly uuid: Uuid }> {
  const noRoom = launch.deps.noRoom?.() ?? null;
  if (noRoom !== null) throw noRoom;
  const resolution = await resolveLaunch(launch, request, signal);
  if (resolution.kind === 'issues') throw badInput(request.plugin, resolution.issues);
  const { spec, inputs, job } = resolution.launch;
  const issue = request.resume === undefined ? null : resumeIssue(launch, request);
  if (issue !== null) {
    throw userError({ code: 'not-resumable', message: issue, subject: request.resume?.from ?? '' });
  }
  const uuid = newUuid();
  await launch.engine.launch({
    spec,
    uuid,
    label: request.label,
    description: request.description,
    inputs: await readyInputs(launch, inputs),
    job: job === null ? null : { ...job, token: newToken(launch.deps.random) },
    caller: null,
    resume: request.resume === undefined ? undefined : resumeOf(request),
    caching: request.caching,
  });
  return { uuid };
}

async function readyInputs(
  { deps }: LaunchDeps,
  inputs: ResolvedLaunch['inputs'],
): Promise<Record<string, { readonly uuid: Uuid } | ReadyData>> {
  const made: Record<string, MadeData> = {};
  const stored: Record<string, { readonly uuid: Uuid }> = {};
  for (const [label, input] of Object.entries(inputs)) {
    if ('uuid' in input) stored[label] = input;
    else made[label] = input;
  }
  // files first: they are durable before a node names them
  return { ...stored, ...(await makeReady(deps.objects, made)) };
}
