import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as fc from 'fast-check';
import { openTable } from '@unlikely/data';
import { temporaryDirectory } from './small-table.ts';

let directory: Awaited<ReturnType<typeof temporaryDirectory>>;
beforeAll(async () => {
  directory = await temporaryDirectory();
});
afterAll(() => directory[Symbol.asyncDispose]());

const lineEnds = ['\n', '\r\n', '\r'] as const;
const heading = ['number', 'words'];

/** Words among which stand line ends, quotes and delimiters; never empty, which would be missing. */
const words = fc
  .array(fc.constantFrom('a', 'é', ' ', ',', '"', '\n', '\r', '\r\n'), { maxLength: 6 })
  .map((pieces) => `w${pieces.join('')}`);
const quoted = (text: string): string =>
  /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;

const fileOf = fc.record({
  records: fc.array(fc.record({ words, end: fc.constantFrom(...lineEnds) }), {
    minLength: 1,
    maxLength: 8,
  }),
  headingEnd: fc.constantFrom(...lineEnds),
  hasLastEnd: fc.boolean(),
  hasMark: fc.boolean(),
});

describe('line ends', () => {
  it('end records wherever they stand outside of quotes, each file and each record in its own way', async () => {
    let run = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.array(fileOf, { minLength: 1, maxLength: 3 }),
        fc.constantFrom('utf-8', 'latin-1', 'utf-16le', 'utf-16be', 'gzip'),
        async (files, form) => {
          run++;
          const paths: string[] = [];
          const expected: object[] = [];
          for (const [index, { records, headingEnd, hasLastEnd, hasMark }] of files.entries()) {
            let text = heading.map(quoted).join(',') + headingEnd;
            for (const [row, record] of records.entries()) {
              const isLast = row === records.length - 1;
              text += `${row}.5,${quoted(record.words)}${isLast && !hasLastEnd ? '' : record.end}`;
              expected.push({ number: row + 0.5, words: record.words });
            }
            const path = join(directory.path, `${run}-${index}.csv${form === 'gzip' ? '.gz' : ''}`);
            await writeFile(path, encode(text, form, hasMark));
            paths.push(path);
          }
          const encoding = form.startsWith('utf-16')
            ? 'utf-16'
            : form === 'latin-1'
              ? form
              : 'utf-8';
          await using table = await openTable(paths, { encoding, delimiter: ',', header: true });
          expect(await table.records([...expected.keys()])).toEqual(expected);
          expect(await table.rowCount()).toBe(expected.length);
        },
      ),
      { numRuns: 60, seed: 11 },
    );
  });

  it('are found where they stand between two parts of a large file', async () => {
    const path = join(directory.path, 'large.csv');
    for (const end of ['\r\n', '\r']) {
      // The first line end of the file is another, and one of the rest falls on a border of 256 KiB.
      const start = `a,b\n`;
      for (const shift of [0, 1, 2]) {
        const filler = 'x'.repeat(2 ** 18 - start.length - 3 - shift);
        await writeFile(path, `${start}1,${filler}${end}2,"${'y'.repeat(9)}${end}"${end}3,z`);
        await using table = await openTable(path);
        const rows = await table.records([0, 1, 2]);
        expect(rows.map(({ a }) => a)).toEqual([1, 2, 3]);
        expect(rows[0]!['b']).toBe(filler);
        expect(rows[1]!['b']).toBe(`${'y'.repeat(9)}${end}`);
      }
    }
  });

  it('within a quoted heading are part of the name', async () => {
    const path = join(directory.path, 'heading.csv');
    for (const end of lineEnds) {
      for (const within of lineEnds) {
        const name = `in${within}two`;
        const lines = [`"${name}",b`, '1,x', '2,y'];
        await writeFile(path, `\ufeff${lines.join(end)}${end}`);
        await using table = await openTable(path);
        expect(await table.records([0, 1])).toEqual([
          { [name]: 1, b: 'x' },
          { [name]: 2, b: 'y' },
        ]);
      }
    }
  });
});

function encode(text: string, form: string, hasMark: boolean): Buffer {
  const mark = hasMark ? '\ufeff' : '';
  switch (form) {
    case 'latin-1':
      return Buffer.from(text, 'latin1');
    case 'utf-16le':
      return Buffer.from(`\ufeff${text}`, 'utf16le');
    case 'utf-16be':
      return Buffer.from(`\ufeff${text}`, 'utf16le').swap16();
    case 'gzip':
      return gzipSync(mark + text);
    default:
      return Buffer.from(mark + text);
  }
}
