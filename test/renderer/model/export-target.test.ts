import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readExportTarget, writeExportTarget, type ExportTarget } from '#renderer/model/export-target.ts';

const uuid = fc.uuid();
const target: fc.Arbitrary<ExportTarget> = fc.oneof(
  fc.constant<ExportTarget>({ kind: 'all' }),
  fc.constant<ExportTarget>({ kind: 'selection' }),
  uuid.map((one): ExportTarget => ({ kind: 'group', uuid: one })),
  fc
    .uniqueArray(uuid, { minLength: 1, maxLength: 9 })
    .map((uuids): ExportTarget => ({ kind: 'nodes', uuids })),
);

describe('what an address says is exported', () => {
  it('reads back what it wrote', () => {
    fc.assert(
      fc.property(target, (one) => {
        expect(readExportTarget(writeExportTarget(one))).toEqual(one);
      }),
    );
  });

  it('knows a group that is still to be chosen, and names a node once', () => {
    const one = '0f3c9a10-0000-4000-8000-0000000000ab';
    expect(readExportTarget('group:')).toEqual({ kind: 'group', uuid: '' });
    expect(readExportTarget(`${one},${one},`)).toEqual({ kind: 'nodes', uuids: [one] });
  });

  it('refuses what is none', () => {
    for (const text of ['', ',', 'everything', 'group:x', '0f3c9a10', 'all,selection', '../x']) {
      expect(readExportTarget(text), text).toBeNull();
    }
  });
});
