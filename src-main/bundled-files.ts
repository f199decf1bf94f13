import { fileURLToPath } from 'node:url';

/**
 * The bundled demo project. In the packaged app it lies outside of the archive of sources, because threads and
 * processes that read it are not all taught to look into that.
 */
export function demoFile(): string {
  const folder = import.meta.url.endsWith('.ts') ? '../resources/demo/' : '../../resources/demo/';
  const path = fileURLToPath(new URL(`${folder}demo.aiida`, import.meta.url));
  return path.replace(/app\.asar(?=[\\/])/, 'app.asar.unpacked');
}
