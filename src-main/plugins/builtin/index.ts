/** The processes that come with Stemma. They use the plugin API and nothing else. */
export { arithmeticAdd } from './arithmetic-add.ts';
export { arithmeticMultiply } from './arithmetic-multiply.ts';
export { arithmeticMultiplyAdd } from './arithmetic-multiply-add.ts';
export { shell } from './shell.ts';
export { shellRestart } from './shell-restart.ts';
