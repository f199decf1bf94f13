// Run as a process of its own by lock.test.ts: takes the lock, says how it went, and holds it until it is killed.
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { lockProfile } from '#main/profile/lock.ts';
import { errorInfo } from '#shared/base/errors.ts';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

try {
  lockProfile(process.argv[2] ?? '');
  // nothing here refers to the lock any more, and it is held all the same
  for (let turn = 0; turn < 3; turn++) {
    collectGarbage();
    await new Promise((resolve) => setImmediate(resolve));
  }
  console.log(JSON.stringify({ held: true, pid: process.pid }));
  setInterval(() => {}, 1000);
} catch (error) {
  console.log(JSON.stringify({ held: false, pid: process.pid, message: errorInfo(error).message }));
}
