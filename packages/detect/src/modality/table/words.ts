import type { Words } from '../words.ts';

/** How rows of tables are spoken of. */
export const tableWords: Words = { one: 'row', many: 'rows', indefinite: 'a row', unit: 'nats' };
