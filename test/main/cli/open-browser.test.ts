import { expect, test } from 'vitest';
import { browserCommand } from '#main/cli/open-browser.ts';

const command = (platform: NodeJS.Platform, env: Record<string, string> = {}, isRoot = false) =>
  browserCommand('http://127.0.0.1:1/enter/x', { platform, env, isRoot })?.[0] ?? null;

test('the browser is opened where somebody sees it', () => {
  expect(command('linux', { DISPLAY: ':0' })).toBe('xdg-open');
  expect(command('linux', { WAYLAND_DISPLAY: 'wayland-0' })).toBe('xdg-open');
  expect(command('linux')).toBeNull();
  expect(command('linux', { DISPLAY: ':0' }, true)).toBeNull();
  expect(command('darwin')).toBe('open');
  expect(command('win32')).toBe('cmd');
});

test('an address is never read as a command by the shell of Windows', () => {
  const args = browserCommand('http://h/?a&calc', { platform: 'win32', env: {}, isRoot: false })?.[1];
  expect(args?.at(-1)).toBe('http://h/?a^&calc');
});
