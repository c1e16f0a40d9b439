/**
 * Unlikely in a browser: models of tables in memory, trained and scored in Web Workers by WebAssembly.
 * What is here beside the platform is what `@unlikely/detect` has; models of Node are read and written.
 */
// First, since it brings the symbols of `using` where a browser lacks them.
export { browserPlatform } from './platform.ts';
export type { BrowserPlatformOptions } from './platform.ts';
export { Autoencoder, Detector, VAE, defaultConfiguration, version } from '@unlikely/detect';
export { memoryTable, memoryTableFromCsv } from '@unlikely/data/memory';
export { UnlikelyError } from '@unlikely/graph';
