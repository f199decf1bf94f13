import { operationalError } from '#shared/base/errors.ts';
import type { ChannelPort } from '#shared/channel/frames.ts';
import { messageChannelPort, type PortLike } from '#shared/channel/message-port.ts';
import { portMessage, type ChannelBridge } from '#shared/shell/bridge.ts';

/**
 * Asks Electron's shell for a port. It arrives by `window.postMessage`, because a port cannot pass the bridge between
 * the preload's world and this one.
 */
export function openMessagePort(bridge: ChannelBridge, signal: AbortSignal): Promise<ChannelPort> {
  return new Promise((resolve, reject) => {
    const done = (): void => {
      window.removeEventListener('message', onMessage);
      signal.removeEventListener('abort', onAbort);
    };
    const onAbort = (): void => {
      done();
      reject(operationalError({ code: 'disconnected', message: 'The core of Stemma does not answer.' }));
    };
    const onMessage = (event: MessageEvent<unknown>): void => {
      const port = event.ports[0];
      if (event.source !== window || event.data !== portMessage || port === undefined) return;
      done();
      resolve(messageChannelPort(port as PortLike));
    };
    window.addEventListener('message', onMessage);
    signal.addEventListener('abort', onAbort, { once: true });
    bridge.open();
  });
}
