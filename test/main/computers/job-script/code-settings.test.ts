import { expect, test } from 'vitest';
import type { Uuid } from '#shared/provenance/ids.ts';
import { codeSettings } from '#main/computers/job-script/code-settings.ts';
import { readDoneNote } from '#main/computers/job-script/sentinels.ts';

const uuid = '11111111-1111-4111-8111-111111111111' as Uuid;

test('a code of AiiDA 2 and one of AiiDA 1 can be run', () => {
  const now = codeSettings({
    uuid,
    nodeType: 'data.core.code.installed.InstalledCode.',
    label: 'pw',
    attributes: {
      filepath_executable: '/bin/pw',
      with_mpi: true,
      prepend_text: 'a',
      use_double_quotes: true,
    },
  });
  expect(now).toMatchObject({
    executable: '/bin/pw',
    withMpi: true,
    prependText: 'a',
    useDoubleQuotes: true,
  });
  const old = codeSettings({
    uuid,
    nodeType: 'data.core.code.Code.',
    label: 'pw',
    attributes: { is_local: false, remote_exec_path: '/bin/old', append_text: 'b' },
  });
  expect(old).toMatchObject({ executable: '/bin/old', withMpi: null, appendText: 'b' });
});

test.each([
  ['data.core.code.portable.PortableCode.', { filepath_executable: 'run.sh' }],
  ['data.core.code.Code.', { is_local: true, local_executable: 'run.sh' }],
  ['data.core.int.Int.', { value: 1 }],
])('%s cannot, and says so', (nodeType, attributes) => {
  expect(() => codeSettings({ uuid, nodeType, label: 'x', attributes })).toThrow(
    expect.objectContaining({ code: 'bad-code' }),
  );
});

test('a note of the end is read whole or not at all', () => {
  const note = 'rc=0\njob=12\nstart=1700000000\nend=1700000060\nhost=n1\n';
  expect(readDoneNote(note)).toEqual({
    exitStatus: 0,
    jobId: '12',
    started: 1_700_000_000_000,
    ended: 1_700_000_060_000,
    host: 'n1',
  });
  for (let end = 0; end < note.length; end++) expect(readDoneNote(note.slice(0, end))).toBeNull();
});
