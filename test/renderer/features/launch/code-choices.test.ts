import { describe, expect, test } from 'vitest';
import { codeChoices } from '#renderer/features/launch/model/code-choices.ts';

const code = (fullLabel: string, defaultPlugin = '', computerUuid = 'here', calculations = 0) => ({
  uuid: fullLabel,
  fullLabel,
  executable: `/bin/${fullLabel}`,
  defaultPlugin,
  calculations,
  computerUuid,
});
const computers = [
  { uuid: 'here', configured: true, enabled: true },
  { uuid: 'resting', configured: true, enabled: false },
  { uuid: 'imported', configured: false, enabled: true },
];
const only = (...codes: ReturnType<typeof code>[]) => codeChoices(codes, computers, 'core.add').only;

describe('the codes of a launch', () => {
  test('are chosen by themselves only where one is left that may be meant', () => {
    expect(only(code('bash'))).toBe('bash');
    expect(only(code('add', 'core.add'))).toBe('add');
    expect(only(code('bash'), code('add', 'core.add'), code('sort', 'core.shell'))).toBe('add');
    expect(only(code('bash'), code('dash'))).toBeNull();
  });

  test('are not chosen by themselves where the only one was made for another plugin', () => {
    expect(only(code('sort', 'core.shell'))).toBeNull();
  });

  test('are not chosen by themselves on a computer that nothing can be sent to', () => {
    expect(only(code('add', 'core.add', 'imported'))).toBeNull();
    expect(only(code('bash', '', 'resting'))).toBeNull();
    expect(only(code('bash'), code('pw', '', 'imported'))).toBe('bash');
    expect(codeChoices([code('bash')], undefined, 'core.add').only).toBeNull();
  });

  test('say where they cannot run, and come after those that can', () => {
    const { options } = codeChoices(
      [
        code('pw', '', 'imported', 90),
        code('ph', '', 'resting', 50),
        code('bash', '', 'here', 1),
        code('add', 'core.add'),
      ],
      computers,
      'core.add',
    );
    expect(options).toEqual([
      { value: 'add', label: 'add', hint: '/bin/add', disabled: false },
      { value: 'bash', label: 'bash', hint: '/bin/bash', disabled: false },
      { value: 'pw', label: 'pw', hint: 'computer not set up', disabled: true },
      { value: 'ph', label: 'ph', hint: 'computer disabled', disabled: false },
    ]);
  });
});
