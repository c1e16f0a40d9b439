import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { filesBelow, root } from './repository.ts';

const scripts = ['bench', 'examples', 'scripts']
  .flatMap(filesBelow)
  .filter((file) => file.endsWith('.mjs'));

/** What a script takes from the packages by name: no compiler looks at it. */
const taken = scripts.flatMap((script) =>
  [
    ...readFileSync(`${root}/${script}`, 'utf8').matchAll(
      /^import \{([^}]*)\} from '((?:@unlikely\/|unlikely)[^']*)'/gm,
    ),
  ].map(([, names, entry]) => ({ script, entry: entry!, names: names!.match(/\w+/g) ?? [] })),
);

describe('scripts', () => {
  it.each([...new Set(taken.map(({ entry }) => entry))])(
    'take what there is of %s',
    async (entry) => {
      const there = Object.keys((await import(/* @vite-ignore */ entry)) as object);
      const missing = taken
        .filter((each) => each.entry === entry)
        .flatMap(({ script, names }) =>
          names.filter((name) => !there.includes(name)).map((name) => `${script}: ${name}`),
        );
      expect(missing).toEqual([]);
    },
  );
});
