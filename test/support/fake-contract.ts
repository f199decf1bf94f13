import { connectClient, type Client } from '#shared/channel/client.ts';
import { memoryPair } from '#shared/channel/memory-port.ts';
import { serve, type Handlers } from '#shared/channel/server.ts';
import { contract, type Contract } from '#shared/contract/contract.ts';

/** A client of a fake core that knows a few of the contract's names; any other one is an error of the test. */
export function fakeContract(handlers: Partial<Handlers<Contract>>): Client<Contract> {
  const [near, far] = memoryPair();
  const all = new Proxy(handlers, {
    get(target, name) {
      const found = Reflect.get(target, name) as unknown;
      if (found === undefined) throw new Error(`The fake core has no “${String(name)}”`);
      return found;
    },
  });
  serve(contract, all as Handlers<Contract>, far);
  return connectClient<Contract>(near);
}
