import { readFileSync } from 'node:fs';
import * as parameters from '@unlikely/detect/parameters';
import { describe, expect, it } from 'vitest';
import { root } from './repository.ts';

const { settingsFiles } = (await import(`${root}/scripts/settings.mjs`)) as {
  settingsFiles: (of: typeof parameters) => Promise<Readonly<Record<string, string>>>;
};

describe('what is written from the parameters of models', async () => {
  it.each(Object.entries(await settingsFiles(parameters)))('%s', (path, text) => {
    // `npm run settings` writes it.
    expect(readFileSync(`${root}/${path}`, 'utf8')).toBe(text);
  });
});
