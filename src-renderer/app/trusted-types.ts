/**
 * The content security policy lets no text become a script (`require-trusted-types-for 'script'`). The one thing of
 * ours that it asks about is the address of a worker: this policy lets those pass that lie among our own built files.
 * It says nothing of HTML and scripts, so those stay forbidden. Imported first of all.
 */
interface PolicyFactory {
  createPolicy(name: 'default', rules: { createScriptURL(address: string): string | null }): unknown;
}

const factory = (globalThis as { trustedTypes?: PolicyFactory }).trustedTypes;
const ownFiles = new URL('./assets/', document.baseURI).href;

factory?.createPolicy('default', {
  createScriptURL: (address) =>
    new URL(address, document.baseURI).href.startsWith(ownFiles) ? address : null,
});
