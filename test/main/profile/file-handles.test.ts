import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { FileHandles } from '#main/profile/file-handles.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

describe('a handle', () => {
  test('stands for a file, and says nothing of its path', async () => {
    const handles = new FileHandles();
    const path = join(temporaryFolder(), 'a file.aiida');
    writeFileSync(path, '12345');
    const { handle, name, size } = await handles.offer(path);
    expect({ name, size }).toEqual({ name: 'a file.aiida', size: 5 });
    expect(handle).not.toContain('file');
    expect(handles.pathOf(handle)).toBe(path);
    expect(handles.path(handle, 'read')).toBe(path);
    expect(() => handles.path(handle, 'write')).toThrow('not chosen here');
    expect(handles.pathOf('another')).toBe(null);
  });

  test('is given only for a file that is there, or a place where one can be', async () => {
    const handles = new FileHandles();
    const folder = temporaryFolder();
    mkdirSync(join(folder, 'sub'));
    await expect(handles.offer(join(folder, 'missing'))).rejects.toMatchObject({ code: 'no-file' });
    await expect(handles.offer(join(folder, 'sub'))).rejects.toMatchObject({ code: 'no-file' });
    await expect(handles.reserve(join(folder, 'missing', 'x'))).rejects.toMatchObject({ code: 'no-folder' });
    const path = join(folder, 'new.aiida');
    const { handle } = await handles.reserve(path);
    expect(handles.path(handle, 'write')).toBe(path);
    writeFileSync(path, 'abc');
    expect(await handles.written(handle)).toEqual({ handle, name: 'new.aiida', size: 3 });
  });

  test('is forgotten when a thousand others came after it', async () => {
    const handles = new FileHandles();
    const path = join(temporaryFolder(), 'x');
    writeFileSync(path, '');
    const first = await handles.offer(path);
    for (let i = 0; i < 1000; i++) await handles.offer(path);
    expect(handles.pathOf(first.handle)).toBe(null);
    rmSync(path);
  });
});
