import { describe, expect, test } from 'vitest';
import { errorInfo, errorLine, operationalError, StemmaError, userError } from '#shared/base/errors.ts';

describe('what is sent for something that was thrown', () => {
  test('is exactly the information of a StemmaError, without its stack or cause', () => {
    const thrown = userError(
      { code: 'label-taken', message: 'There is one.', subject: 'mine', hint: 'Choose.', details: 'a\nb' },
      new Error('inner'),
    );
    expect(errorInfo(thrown)).toStrictEqual({
      family: 'user',
      code: 'label-taken',
      message: 'There is one.',
      subject: 'mine',
      hint: 'Choose.',
      details: 'a\nb',
    });
    expect(thrown.cause).toBeInstanceOf(Error);
  });

  test('says “cancelled” for an aborted signal', () => {
    const signal = AbortSignal.abort();
    expect(errorInfo(signal.reason)).toMatchObject({ family: 'user', code: 'cancelled' });
  });

  test('is “unexpected” for anything else, errors and what is none', () => {
    expect(errorInfo(new RangeError('too far'))).toMatchObject({
      family: 'unexpected',
      code: 'unexpected',
      message: 'too far',
    });
    expect(errorInfo('just a text')).toMatchObject({ family: 'unexpected', message: 'just a text' });
    expect(errorInfo(undefined)).toMatchObject({ family: 'unexpected', message: 'undefined' });
  });

  test('survives being made into an error again', () => {
    const info = errorInfo(operationalError({ code: 'disk-full', message: 'Full.' }));
    expect(errorInfo(new StemmaError(info))).toStrictEqual(info);
  });
});

describe('one line for a terminal', () => {
  test('has message, subject and hint, and no line break', () => {
    expect(
      errorLine({ family: 'user', code: 'x', message: 'Not\n found.', subject: 'a', hint: 'Look.' }),
    ).toBe('Not found. (a) Look.');
  });

  test('does not repeat a subject that the message has', () => {
    expect(errorLine({ family: 'user', code: 'x', message: 'No file a.txt.', subject: 'a.txt' })).toBe(
      'No file a.txt.',
    );
  });
});
