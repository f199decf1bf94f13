// The server's side of the MessagePort carrier, in a thread of its own.
import { parentPort, type MessagePort } from 'node:worker_threads';
import { messageChannelPort } from '#shared/channel/message-port.ts';
import { serve } from '#shared/channel/server.ts';
import { conformanceHandlers, conformanceTable } from './conformance-core.ts';

parentPort?.on('message', ({ port }: { readonly port: MessagePort }) => {
  serve(conformanceTable, conformanceHandlers(), messageChannelPort(port));
});
