import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { connectClient, type Client } from '#shared/channel/client.ts';
import { memoryPair } from '#shared/channel/memory-port.ts';
import type { InputValue } from '#shared/contract/areas/launch.ts';
import type { ProcessDetail } from '#shared/contract/areas/processes.ts';
import type { Contract } from '#shared/contract/contract.ts';
import { openCore, type Core } from '#main/core.ts';

const words = (value: string): InputValue => ({ kind: 'value', type: 'str', value });
const json = (value: unknown): InputValue => ({ kind: 'json', text: JSON.stringify(value) });

/** Counts how often it ran in a file that it takes along, and is content at the third time. */
const thirdTime =
  '-c "n=$(( $(cat count 2>/dev/null || echo 0) + 1 )); echo $n > count; echo run $n; test $n -ge 3"';

describe('core.shell.restart on this machine', () => {
  let core: Core;
  let client: Client<Contract>;
  let code: string;
  let folder: string;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'stemma-restart-'));
    core = await openCore({ profileDirectory: join(folder, 'profile'), shell: 'none' });
    const [here, there] = memoryPair();
    core.serve(there);
    client = connectClient<Contract>(here);
    for await (const [computer] of client.listen('computers.list', {})) {
      const made = await client.call('codes.create', {
        label: 'bash',
        computer: computer?.uuid ?? '',
        executable: '/bin/bash',
      });
      code = made.uuid;
      break;
    }
  });
  afterAll(async () => {
    client.close();
    await core.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const request = (inputs: Record<string, InputValue>) => ({
    plugin: 'core.shell.restart',
    inputs: { shell__code: { kind: 'node', uuid: code } as const, ...inputs },
  });

  /** The page of a process as soon as it is as wanted. */
  async function pageWhen(uuid: string, good: (page: ProcessDetail) => boolean): Promise<ProcessDetail> {
    for await (const page of client.listen('processes.watch', { uuid })) if (good(page)) return page;
    throw new Error('The page ended');
  }
  const isEnded = ({ row }: ProcessDetail): boolean => ['finished', 'failed', 'excepted'].includes(row.state);

  test('goes on from the files of the run before until the command is content, and says what it did', async () => {
    const { uuid } = await client.call(
      'launch.submit',
      request({
        shell__arguments: words(thirdTime),
        shell__restart_files: json(['count']),
        retry_exit_codes: json([400]),
      }),
    );
    const page = await pageWhen(uuid, isEnded);
    expect(page.row.exitStatus, page.exitMessage).toBe(0);
    expect(page.iterations.map(({ action, exitStatus }) => [action, exitStatus])).toEqual([
      ['restart-from-folder', 400],
      ['restart-from-folder', 400],
      ['done', 0],
    ]);
    const stdout = page.outputs.find(({ label }) => label === 'stdout')?.node.uuid ?? '';
    const { bytes } = await client.call('nodes.readFile', { uuid: stdout, path: 'stdout.txt' });
    expect(new TextDecoder().decode(bytes)).toBe('run 3\n');
  });

  test('asks a person, whose name is kept with the answer; a second answer is refused in words', async () => {
    await client.call('app.setUser', {
      email: 'ada@example.org',
      firstName: 'Ada',
      lastName: 'Example',
      institution: '',
    });
    const { uuid } = await client.call(
      'launch.submit',
      request({ shell__arguments: words('-c "exit 7"'), ask_exit_codes: json([400]) }),
    );
    const asking = await pageWhen(uuid, ({ explanation }) => explanation?.question !== undefined);
    expect(asking.explanation).toMatchObject({
      tone: 'needs-you',
      headline: 'The command ended with exit code 400. Shall it run again?',
      question: { label: 'question_01', choices: [{ name: 'again' }, { name: 'stop' }] },
    });
    const answer = (choice: string) =>
      client.call('processes.answer', { uuid, label: 'question_01', choice });
    await expect(answer('perhaps')).rejects.toMatchObject({ code: 'no-such-choice' });
    await answer('stop');
    const page = await pageWhen(uuid, isEnded);
    expect(page.exitMessage).toBe('Ada Example ended it after iteration 1.');
    expect(page.iterations[0]?.answer).toMatchObject({ choice: 'stop', by: 'Ada Example' });
    expect(page.log.map(({ message }) => message)).toContain(
      'Ada Example answered “End it” to: The command ended with exit code 400. Shall it run again?',
    );
    await expect(answer('again')).rejects.toMatchObject({ code: 'has-ended' });
  });

  test('hears of everything that is wrong with a policy before it runs', async () => {
    const { issues } = await client.call(
      'launch.preview',
      request({
        shell__arguments: words('{x}'),
        options: json({ max_wallclock_seconds: 'long' }),
        handler_overrides: json({ out_of_time: { enabled: false } }),
      }),
    );
    expect(issues.map(({ field }) => field).toSorted()).toEqual([
      'handler_overrides',
      'options.max_wallclock_seconds',
      'shell__arguments',
    ]);
  });
});
