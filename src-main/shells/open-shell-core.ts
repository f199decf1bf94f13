import { operationalError } from '#shared/base/errors.ts';
import type { ShellCore } from './core-face.ts';

export interface OpenShellCore {
  readonly profile: string;
  readonly shell: 'electron' | 'browser' | 'none';
}

export function openShellCore(_options: OpenShellCore): Promise<ShellCore> {
  return Promise.reject(
    operationalError({ code: 'not-wired', message: 'The core is not wired to the shells yet.' }),
  );
}
