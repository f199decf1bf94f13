import { computerConfig } from '#shared/contract/areas/computers.ts';
import { jobOptions } from '#shared/process/job-options.ts';
import { buildJobScript } from '#main/computers/job-script/build-job-script.ts';

/** The job script of a computer without scheduler, around a few lines of sh. */
export function buildScript(body: string): string {
  const computer = computerConfig.parse({
    label: 'twin',
    transport: { type: 'core.local' },
    scheduler: 'core.direct',
    workDirectory: '/work',
  });
  return buildJobScript({
    computer,
    codes: new Map(),
    options: jobOptions.parse({}),
    calculation: {
      files: [],
      localCopies: [],
      remoteCopies: [],
      remoteSymlinks: [],
      runs: [],
      parallel: false,
      retrieve: [],
      prependText: body,
      appendText: '',
    },
  });
}
