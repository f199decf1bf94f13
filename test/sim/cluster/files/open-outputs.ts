import { FileOutput } from '../sh/streams.ts';
import { FileError, type RemoteFiles, type Viewer } from './remote-files.ts';

/** What a batch job prints goes into these two; null where one of them cannot be opened. */
export function openOutputs(
  files: RemoteFiles,
  viewer: Viewer,
  output: string,
  errors: string,
): { readonly output: FileOutput; readonly errors: FileOutput } | null {
  try {
    return {
      output: new FileOutput(files, files.create(viewer, output, true)),
      errors: new FileOutput(files, files.create(viewer, errors, true)),
    };
  } catch (thrown) {
    if (thrown instanceof FileError) return null;
    throw thrown;
  }
}
