import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { RecordArchives } from '#main/archive/records/record-archives.ts';
import { makeRecordHandlers } from '#main/handlers/records.ts';
import { linkTypes } from '#shared/provenance/links.ts';
import type { Uuid } from '#shared/provenance/ids.ts';
import { archiveProfile } from '../../support/archive-profile.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const signal = new AbortController().signal;
const job = 'b6b6c1bbc943adae1032c8033d9903ec';

/** A project of signac with one job. */
function project(): string {
  const folder = join(temporaryFolder(), 'sweep');
  mkdirSync(join(folder, '.signac'), { recursive: true });
  mkdirSync(join(folder, 'workspace', job), { recursive: true });
  writeFileSync(join(folder, '.signac', 'config'), 'schema_version = 2');
  writeFileSync(join(folder, 'workspace', job, 'signac_statepoint.json'), '{"T": 1.0}');
  writeFileSync(join(folder, 'workspace', job, 'out.txt'), 'result');
  return folder;
}

async function room() {
  const profile = await archiveProfile();
  const records = new RecordArchives(join(profile.folder, 'cache'), undefined);
  onTestFinished(() => records.close());
  const { files } = profile;
  const read = makeRecordHandlers({ records, files })['records.read'];
  return { profile, records, files, read: async (place: string) => read({ place }, { signal }) };
}

describe('records of another system in the window', () => {
  test('are recognised in a chosen folder, come in as an archive, and their inferred links say so', async () => {
    const { profile, records, files, read } = await room();
    const { handle, folder } = await files.offerPlace(project());
    expect(folder).toBe(true);
    const found = await read(handle);
    expect(found).toMatchObject({
      system: 'signac',
      version: 'schema 2',
      why: 'the folder has signac’s “.signac/config”',
      name: 'sweep',
      processes: 1,
      data: 2,
      files: 1,
      links: 2,
      inferredLinks: 2,
      archive: { name: 'sweep.aiida' },
    });
    expect(found.inferred.map(({ links }) => links)).toEqual([1, 1]);
    // asked again, by the page that compares it with the profile: the same archive
    expect(await read(handle)).toEqual(found);
    const report = await profile.archives.import(files.path(found.archive.handle, 'read'), null);
    expect(report.nodes.new).toBe(3);
    const [process] = profile.rows<{ uuid: Uuid }>(`SELECT uuid FROM nodes WHERE node_type LIKE 'process.%'`);
    const detail = await profile.readers.profile.process({ uuid: process?.uuid as Uuid });
    expect(detail?.inputs.map(({ label, inferred }) => [label, inferred])).toEqual([
      ['statepoint', 'signac says whose state point it is, not that anything ran with it'],
    ]);
    expect(detail?.outputs.map(({ inferred }) => inferred)).toEqual(['it lies in the folder of the job']);
    await records.close();
    expect(readdirSync(join(profile.folder, 'cache'))).toEqual([]);
  });

  test('mark every inferred link, also of a node that has more of them than it names', async () => {
    const { profile, records, files, read } = await room();
    const folder = join(temporaryFolder(), 'many');
    mkdirSync(join(folder, '.snakemake', 'metadata'), { recursive: true });
    const record = (output: string, rule: string, input: readonly string[]): void =>
      writeFileSync(
        join(folder, '.snakemake', 'metadata', Buffer.from(output).toString('base64url')),
        JSON.stringify({ rule, input, params: [output], shellcmd: 'x', starttime: 1, endtime: 2 }),
      );
    const parts = Array.from({ length: 130 }, (_, i) => `part${i}.txt`);
    for (const part of parts) record(part, 'split', ['source.txt']);
    record('all.txt', 'gather', parts);
    const found = await read((await files.offerPlace(folder)).handle);
    expect(found.inferredLinks).toBe(130);
    await profile.archives.import(files.path(found.archive.handle, 'read'), null);
    const [gather] = profile.rows<{ uuid: Uuid; extras: string }>(
      `SELECT uuid, extras FROM nodes WHERE label = 'gather'`,
    );
    expect(gather?.extras).toContain('and 30 more, which the nodes at their other ends name');
    const uuid = gather?.uuid as Uuid;
    const detail = await profile.readers.profile.process({ uuid });
    const why = 'the path is the same as that of an output';
    expect(detail?.inputs.map(({ inferred }) => inferred)).toEqual(parts.map(() => why));
    const graph = await profile.readers.profile.graphAround({
      uuid,
      up: 3,
      down: 1,
      linkTypes: [...linkTypes],
      limit: 5000,
    });
    const inferred = (graph?.linkLabel ?? []).filter((_label, i) => graph?.linkInferred[i] === 1);
    expect([graph?.linkLabel.length, inferred.length]).toEqual([130 + 130 + 130 + 1, 130]);
    expect(inferred.every((label) => label.startsWith('input_'))).toBe(true);
    await records.close();
  });

  test('that cannot be read are refused in words, leave nothing, and are read anew when asked again', async () => {
    const { profile, files, read } = await room();
    const file = join(temporaryFolder(), 'workflow.json');
    writeFileSync(file, '{"a": 1}');
    const { handle } = await files.offerPlace(file);
    await expect(read(handle)).rejects.toMatchObject({ family: 'user', code: 'no-records' });
    expect(
      existsSync(join(profile.folder, 'cache')) ? readdirSync(join(profile.folder, 'cache')) : [],
    ).toEqual([]);
    writeFileSync(
      file,
      JSON.stringify({ fws: [{ fw_id: 1, name: 'relax', state: 'COMPLETED', spec: {} }], links: { 1: [] } }),
    );
    expect(await read(handle)).toMatchObject({
      system: 'FireWorks',
      processes: 2,
      archive: { name: 'workflow.aiida' },
    });
    await expect(read('another')).rejects.toMatchObject({ code: 'unknown-file' });
  });
});
