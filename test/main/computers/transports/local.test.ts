import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll } from 'vitest';
import { systemClock } from '#shared/base/system-clock.ts';
import { LocalTransport } from '#main/computers/transports/local/local-transport.ts';
import { describeTransport, type TransportPlace } from '../../../support/transport-suite.ts';

let place: TransportPlace;

beforeAll(() => {
  const root = mkdtempSync(join(tmpdir(), 'stemma-test-'));
  place = { root, transport: new LocalTransport(process.env, systemClock) };
});
afterAll(() => rmSync(place.root, { recursive: true, force: true }));

describeTransport('this machine', () => place);
