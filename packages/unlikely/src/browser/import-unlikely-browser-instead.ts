/** What a bundler for browsers finds under the name `unlikely`, which needs Node: its file name says the rest. */
import { errorFactory } from '@unlikely/graph/error';
import type { ErrorFactory } from '@unlikely/graph/error';

const usageError: ErrorFactory<'usage/invalid'> = errorFactory();

/** The name to import from. An export makes bundlers refuse the names of `unlikely` at once. */
export const instead: string = 'unlikely/browser';

throw usageError('usage/invalid', 'expected Node to import `unlikely`, got a browser', {
  help: `Import from '${instead}' instead.`,
});
