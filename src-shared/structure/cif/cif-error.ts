import { userError } from '../../base/errors.ts';

/** @param line counted from 1 */
export const cifError = (line: number, message: string): Error =>
  userError({ code: 'cif-bad', message: `Line ${line}: ${message}`, hint: 'The text shows the line.' });
