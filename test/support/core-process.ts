/**
 * A core in a process of its own, which a test may kill at any moment. Started by `startCoreProcess`; it speaks the
 * contract to its parent over the IPC channel of Node.
 */
import type { Patience } from '#main/computers/patience.ts';
import { openCore } from '#main/core.ts';
import type { ChannelPort } from '#shared/channel/frames.ts';

const [profileDirectory = '', patience = '{}'] = process.argv.slice(2);
const core = await openCore({
  profileDirectory,
  shell: 'none',
  patience: JSON.parse(patience) as Partial<Patience>,
});
const listeners: ((frame: unknown) => void)[] = [];
const port: ChannelPort = {
  send: (frame) => process.send?.(frame),
  onFrame: (listener) => listeners.push(listener),
  onClose: (listener) => process.once('disconnect', listener),
  close: () => process.disconnect(),
};
process.on('message', (frame) => {
  for (const listener of listeners) listener(frame);
});
core.serve(port);
process.send?.({ ready: true });
process.once('disconnect', () => void core.close().then(() => process.exit(0)));
