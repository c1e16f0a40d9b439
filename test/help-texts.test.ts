import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { defaultConfiguration, defaultImageConfiguration } from '@unlikely/detect';
import { filesBelow, root } from './repository.ts';

/** Told only to those who call the library: no command comes to these. */
const libraryAlone: readonly RegExp[] = [
  /openTable or tableFromRecords/,
  /^unreadableShare /,
  /batchRows/,
  /detector\.manifest\.schema/,
  /data: Float32Array/,
  /platform has `tableFromRecords`/,
  /VAE/,
  /`fromBytes`/,
  /`evaluate\(/,
  /`scoreRecord`/,
  /Keep the bytes yourself/,
];
/** Settings of a file for `--config` have the names of the library. */
const settings = new Set([
  ...Object.keys(defaultConfiguration),
  ...Object.keys(defaultImageConfiguration),
]);

const helpTexts = ['graph', 'runtime', 'data', 'detect'].flatMap((name) =>
  filesBelow(`packages/${name}/src`)
    .filter((file) => file.endsWith('.ts'))
    .flatMap((file) => {
      const text = readFileSync(`${root}/${file}`, 'utf8');
      const strings = /\bhelp:\s*(?:[\w.!]+\s*\?\s*)?(?:'([^'\n]+)'|"([^"\n]+)"|`([^`]+)`)/g;
      return [...text.matchAll(strings)].map(([, a, b, c]) => ({ file, help: a ?? b ?? c! }));
    }),
);

/** What a text names that a user of the command line cannot write. */
function libraryWords(help: string): string[] {
  const plain = help.replaceAll(/\$\{[^}]*\}/g, '');
  const camelCase = [...plain.matchAll(/\b[a-z]+(?:[A-Z][a-z]+)+\b/g)].map(([word]) => word);
  return [
    ...camelCase.filter((word) => !settings.has(word)),
    ...(/\b\w+: ?(?:'|"|\btrue\b|\bfalse\b)/.exec(plain) ?? []),
    ...(/\bsignal\b|\bOpen (?:the )?(?:files|table)\b|\bthe option\b|\bawait\b/.exec(plain) ?? []),
  ];
}

describe('what is advised on the command line', () => {
  it('is found in the sources', () => {
    expect(helpTexts.length).toBeGreaterThan(100);
  });

  it.each([
    "open it with the option encoding: 'utf-16'",
    'set header: false',
    'Start it again without aborting its signal.',
    'Give missingValues.',
  ])('would not be: %s', (help) => {
    expect(libraryWords(help)).not.toEqual([]);
  });

  it('names no option of the library', () => {
    const wrong = helpTexts
      .filter(({ help }) => !libraryAlone.some((pattern) => pattern.test(help)))
      .filter(({ help }) => libraryWords(help).length > 0);
    expect(wrong).toEqual([]);
  });

  it('is not excused without need', () => {
    const needless = libraryAlone.filter(
      (pattern) => !helpTexts.some(({ help }) => pattern.test(help)),
    );
    expect(needless).toEqual([]);
  });
});
