import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openImages, openTable } from '@unlikely/data';
import { greyPng, writeFiles } from './image/made-images.ts';
import { payments, temporaryDirectory, writePayments } from './small-table.ts';

let directory: Awaited<ReturnType<typeof temporaryDirectory>>;
beforeAll(async () => {
  directory = await temporaryDirectory();
});
afterAll(() => directory[Symbol.asyncDispose]());

describe('JSON', () => {
  const nested = (levels: number): string => `${'['.repeat(levels)}${']'.repeat(levels)}`;
  const objects = (levels: number): string => `${'{"a":'.repeat(levels)}1${'}'.repeat(levels)}`;

  it('deeper than a hundred levels is refused wherever it stands, and up to there it is read', async () => {
    const path = join(directory.path, 'deep.ndjson');
    for (const [levels, isRefused] of [
      [99, false],
      [100, true],
      [100_000, true],
    ] as const) {
      for (const value of [
        nested(levels),
        objects(levels),
        `{"k":"\\"[","l":${nested(levels - 1)}}`,
      ]) {
        const rows = `{"x":1}\n{"x":2}\n{"x":${value}}\n`;
        for (const bytes of [Buffer.from(rows), gzipSync(rows)]) {
          await writeFile(path, bytes);
          const opened = openTable(path);
          if (isRefused) {
            await expect(opened).rejects.toMatchObject({
              code: 'data/malformed',
              details: { line: 3 },
            });
          } else await using(opened, async (table) => expect(await table.rowCount()).toBe(3));
        }
      }
    }
    // Brackets too many that close give no room to those that open.
    await writeFile(path, `${'}'.repeat(1000)}${nested(10_000)}`);
    await expect(openTable(path, { format: 'json' })).rejects.toMatchObject({
      code: 'data/malformed',
      details: { line: 1 },
    });
  });

  it('of text that holds brackets is read', async () => {
    const path = join(directory.path, 'text.json');
    const text = `\\"${'[{'.repeat(500)}`;
    await writeFile(
      path,
      JSON.stringify([
        { x: 1, text },
        { x: 2, text: '\\' },
      ]),
    );
    await using(openTable(path), async (table) => {
      expect(await table.records([0])).toEqual([{ x: 1, text }]);
    });
  });

  it('of many keys has a column for each', async () => {
    for (const width of [199, 200, 201, 1000]) {
      const row = Object.fromEntries(
        Array.from({ length: width }, (_, key) => [`k${key}`, key / 2]),
      );
      for (const [name, text] of [
        ['wide.ndjson', `${JSON.stringify(row)}\n`.repeat(20)],
        ['wide.json', JSON.stringify(Array.from({ length: 20 }, () => row))],
      ] as const) {
        const path = join(directory.path, name);
        await writeFile(path, text);
        await using(openTable(path), async (table) => {
          expect(table.columns.map((column) => column.name)).toEqual(Object.keys(row));
          expect(await table.records([19])).toEqual([row]);
        });
      }
    }
  });
});

describe('what no table has', () => {
  const long = 'x'.repeat(3_000_000);
  it.each([
    ['line.csv', `a,b\n1,2\n${long},1\n`, 'data/malformed', /lines of at most 2 MB/],
    ['line-in-the-middle.csv', `a\n${long}\n1\n`, 'data/malformed', /lines of at most 2 MB/],
    ['line-of-returns.csv', `a\r1\r${long}\r`, 'data/malformed', /lines of at most 2 MB/],
    ['text.json', `[{"a":"${'y'.repeat(17_000_000)}"}]`, 'data/malformed', /at most 16 MB.*line 1/],
    [
      'wide.csv',
      `${Array.from({ length: 20_001 }, (_, at) => `c${at}`).join(',')}\n`,
      'data/malformed',
      /20000 columns/,
    ],
    ['twice.ndjson', '{"a":1,"b":2,"a":3}\n', 'data/duplicate-column', /"a" stands twice/],
    ['utf16.csv', Buffer.from('a,b\n1,2\n3,4\n', 'utf16le'), 'data/encoding', /UTF-16/],
    ['utf16.json', Buffer.from('\ufeff[{"a":1}]', 'utf16le'), 'data/encoding', /UTF-16/],
  ] as const)('%s is refused, in words', async (name, content, code, words) => {
    const path = join(directory.path, name);
    for (const bytes of [Buffer.from(content), gzipSync(content)]) {
      await writeFile(path, bytes);
      const opened = openTable(path);
      await expect(opened).rejects.toMatchObject({ code });
      await expect(opened).rejects.toThrow(words);
    }
  });

  it('but a byte order mark before JSON is none of it, nor is a whole number of many digits after the e', async () => {
    for (const [name, content] of [
      ['marked.json', '\ufeff[{"a":1},{"a":2}]'],
      ['marked.ndjson', '\ufeff{"a":1}\n{"a":2}\n'],
    ] as const) {
      const path = join(directory.path, name);
      for (const bytes of [Buffer.from(content), gzipSync(content)]) {
        await writeFile(path, bytes);
        await using(openTable(path), async (table) => {
          expect(await table.records([0, 1])).toEqual([{ a: 1 }, { a: 2 }]);
        });
      }
    }
    const path = join(directory.path, 'small.tsv');
    await writeFile(path, 'a\n1\n-1e-9991025\n3\n');
    await using(openTable(path), async (table) => {
      expect((await table.records([0, 1, 2])).map(({ a }) => Number(a))).toEqual([1, -0, 3]);
    });
  });
});

describe('a folder named like a partition', () => {
  it.each(['csv', 'parquet', 'ndjson', 'json'] as const)('adds no column to %s', async (format) => {
    const folder = join(directory.path, `year=2024-${format}`);
    await mkdir(folder);
    const path = await writePayments(folder, format, payments(20));
    await using(openTable(path), (table) => {
      expect(table.columns.map(({ name }) => name)).not.toContain('year');
    });
    await using(openTable(join(directory.path, 'year=*', `*.${format}`)), async (table) => {
      expect(table.columns.map(({ name }) => name)).not.toContain('year');
      expect(await table.rowCount()).toBe(20);
    });
  });
});

describe.skipIf(process.platform === 'win32')('what is no regular file', () => {
  it('is refused at once, alone, in a list, and by a link', async () => {
    const pipe = join(directory.path, 'pipe.csv');
    execFileSync('mkfifo', [pipe]);
    const link = join(directory.path, 'link.csv');
    execFileSync('ln', ['-s', '/dev/zero', link]);
    const whole = await writePayments(directory.path, 'csv', payments(20));
    for (const path of ['/dev/zero', '/dev/null', pipe, link, [whole, pipe], [whole, link]]) {
      for (const format of [undefined, 'csv', 'json', 'parquet'] as const) {
        const opened = openTable(path, format === undefined ? {} : { format });
        await expect(opened).rejects.toMatchObject({
          code: 'data/unreadable',
          message: expect.stringContaining('not a regular file') as string,
        });
      }
    }
  });

  it('is an unreadable image among others', async () => {
    const folder = join(directory.path, 'images');
    const files = Array.from({ length: 40 }, async (_, index) => [
      `${index}.png`,
      await greyPng(index),
    ]);
    await writeFiles(folder, Object.fromEntries(await Promise.all(files)));
    execFileSync('mkfifo', [join(folder, 'pipe.png')]);
    execFileSync('ln', ['-s', '/dev/zero', join(folder, 'zero.png')]);
    await using(openImages(folder), async (source) => {
      await using store = await source.pixels(await source.inferSettings({ seed: 1 }));
      expect(store.rows).toBe(40);
      expect(store.failures.map(({ name, reason }) => [name, reason])).toEqual([
        ['pipe.png', 'it is not a regular file'],
        ['zero.png', 'it is not a regular file'],
      ]);
    });
  });

  it.skipIf(!existsSync('/dev/fd'))('but an open pipe, which a shell gives, is read', () => {
    const script = `
      import { openTable } from '@unlikely/data';
      const table = await openTable(process.argv[1]);
      process.stdout.write(String(await table.rowCount()));
      await table[Symbol.asyncDispose]();
    `;
    const read = `${JSON.stringify(process.execPath)} --input-type=module -e "$SCRIPT"`;
    const environment = { ...process.env, SCRIPT: script };
    const rows = (command: string): string =>
      execFileSync('bash', ['-c', command], { env: environment, encoding: 'utf8' });
    expect(rows(`${read} <(printf 'a,b\\n1,2\\n3,4\\n')`)).toBe('2');
    expect(rows(`printf 'a,b\\n1,2\\n3,4\\n5,6\\n' | ${read} /dev/stdin`)).toBe('3');
  });
});

async function using<Resource extends AsyncDisposable>(
  opening: Promise<Resource>,
  use: (resource: Resource) => unknown,
): Promise<void> {
  await using resource = await opening;
  await use(resource);
}
