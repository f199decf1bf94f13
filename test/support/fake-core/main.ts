// Serves the renderer with a fake core, for developing pages: `node test/support/fake-core/main.ts`.
//   --no-build        takes the renderer as it was built last
//   --still           nothing moves by itself
//   --new             a profile in which nothing was done yet
//   --processes N     how many there are beside the showcase (10 000)
//   --port N
import { parseArgs } from 'node:util';
import { buildRenderer, latestRenderer } from './renderer.ts';
import { startFakeCore } from './start.ts';

const { values } = parseArgs({
  options: {
    'no-build': { type: 'boolean', default: false },
    still: { type: 'boolean', default: false },
    new: { type: 'boolean', default: false },
    processes: { type: 'string', default: '10000' },
    port: { type: 'string', default: '0' },
  },
});

const core = await startFakeCore({
  rendererFolder: values['no-build'] ? latestRenderer('development') : await buildRenderer('development'),
  life: !values.still,
  isNew: values.new,
  processes: Number(values.processes),
  port: Number(values.port),
});
console.log(`A fake core is at ${core.address}`);
