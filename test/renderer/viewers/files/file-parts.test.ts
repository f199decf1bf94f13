import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readPyJson } from '#shared/provenance/python-json.ts';
import type { Attributes } from '#renderer/model/attributes.ts';
import { lookOf } from '#renderer/model/file-kinds.ts';
import { hexDump } from '#renderer/viewers/files/hex-dump.ts';
import { linesOfPart, partCount } from '#renderer/viewers/files/text-parts.ts';
import { presentType } from '#renderer/viewers/present-type.ts';
import { readRemote, stashedFiles } from '#renderer/viewers/remote/read-remote.ts';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

describe('a large text', () => {
  it('falls into parts of whole lines: each line is in one of them, and no letter is cut', () => {
    const line = fc.stringMatching(/^[a-zäΓ\u{1f600} ]{0,12}$/u);
    fc.assert(
      fc.property(
        fc.array(line, { maxLength: 40 }),
        fc.integer({ min: 1, max: 50 }),
        fc.boolean(),
        (lines, size, ended) => {
          const whole = bytes(lines.join('\n') + (ended ? '\n' : ''));
          let text = '';
          for (let part = 0; part < partCount(whole.length, size); part++) {
            const from = part * size - (part === 0 ? 0 : 1);
            const read = whole.subarray(from, part * size + size + 500);
            text += new TextDecoder('utf-8', { fatal: true }).decode(linesOfPart(read, part === 0, size));
          }
          expect(text).toBe(new TextDecoder().decode(whole));
        },
      ),
    );
  });
});

describe('a binary file', () => {
  it('is shown as bytes and as what of them is ASCII', () => {
    expect(hexDump(bytes('Stemma reads\n\u0001 bytes'), 16)).toBe(
      '00000010  53 74 65 6d 6d 61 20 72  65 61 64 73 0a 01 20 62  |Stemma reads.. b|\n' +
        '00000020  79 74 65 73                                       |ytes|',
    );
    expect(hexDump(new Uint8Array(), 0)).toBe('');
  });

  it('that is an array is shown as one', () => {
    expect(lookOf('x.npy', new Uint8Array([0x93, 0x4e, 0]))).toBe('array');
    expect(lookOf('x.npy', bytes('no array'))).toBe('text');
    expect(lookOf('x.bin', new Uint8Array([0]))).toBe('binary');
  });
});

describe('types of earlier versions', () => {
  it('are read as what they are called now', () => {
    expect(presentType('data.base.Int.')).toBe('data.core.int.Int.');
    expect(presentType('data.parameter.ParameterData.')).toBe('data.core.dict.Dict.');
    expect(presentType('data.array.kpoints.KpointsData.')).toBe('data.core.array.kpoints.KpointsData.');
    expect(presentType('data.fleur.fleurinp.FleurinpData.')).toBe('data.fleur.fleurinp.FleurinpData.');
  });
});

describe('a remote folder', () => {
  const attributes = (value: object): Attributes => readPyJson(JSON.stringify(value)) as Attributes;

  it('says where it is, and a stash how it was made and of what', () => {
    expect(readRemote(attributes({ remote_path: '/scratch/ab' }))).toEqual([
      { name: 'Path', value: '/scratch/ab', mono: true, copy: true },
    ]);
    const stash = attributes({
      stash_mode: 'tar.gz',
      target_basepath: '/store/a.tar.gz',
      source_list: ['out', '*.log'],
      dereference: false,
      fail_on_missing: true,
    });
    expect(readRemote(stash).map(({ name, value }) => `${name}: ${value}`)).toEqual([
      'Stashed at: /store/a.tar.gz',
      'Stashed as: one tar file, compressed by gzip',
      'Symbolic links: stashed as links',
      'Missing files: made the stash fail',
    ]);
    expect(stashedFiles(stash)).toEqual(['out', '*.log']);
    expect(stashedFiles(attributes({ source_list: 'out' }))).toEqual([]);
  });
});
