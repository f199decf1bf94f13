import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { inProject } from './project.mjs';

/** The licences of all packages that are part of the app: they ask for their text to go with every copy. */
export function thirdPartyLicences() {
  const lock = JSON.parse(readFileSync(inProject('package-lock.json'), 'utf8'));
  const parts = [];
  for (const [path, entry] of Object.entries(lock.packages)) {
    if (path === '' || entry.dev === true || entry.optional === true || !existsSync(inProject(path)))
      continue;
    const name = path.replace(/^.*node_modules\//, '');
    const text =
      licenceText(inProject(path)) ??
      `(${entry.license ?? 'licence not named'}; the package has no text of it)`;
    parts.push(`${name} ${entry.version}\n\n${text.trim()}\n`);
  }
  return `Stemma contains these packages.\n\n${parts.join(`\n${'-'.repeat(80)}\n\n`)}`;
}

function licenceText(folder) {
  const file = readdirSync(folder).find((name) => /^(licen[cs]e|copying)(\.\w+)?$/i.test(name));
  return file === undefined ? null : readFileSync(join(folder, file), 'utf8');
}
