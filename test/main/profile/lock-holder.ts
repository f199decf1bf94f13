// Run as a process of its own by lock.test.ts: takes the lock, says how it went, and holds it until it is killed.
import { lockProfile } from '#main/profile/lock.ts';
import { errorInfo } from '#shared/base/errors.ts';

try {
  lockProfile(process.argv[2] ?? '');
  console.log(JSON.stringify({ held: true, pid: process.pid }));
  setInterval(() => {}, 1000);
} catch (error) {
  console.log(JSON.stringify({ held: false, pid: process.pid, message: errorInfo(error).message }));
}
