import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { openTable } from '@unlikely/data';
import type { TableFormat } from '@unlikely/data';
import { RandomStream, UnlikelyError } from '@unlikely/graph';
import { payments, writePayments } from '../../packages/data/test/small-table.ts';
import { below, damaged } from './damage.ts';
import type { Target } from './target.ts';

/**
 * Damaged and grown tables of one format. The law: a table opens and every row of it is read as numbers or
 * missing values, or something fails with `data/…` and not in words of the engine; and it ends soon.
 */
export function tableTarget(format: TableFormat): Target {
  let base: Promise<Uint8Array> | undefined;
  return {
    name: `table-${format}`,
    once: async (seed) => {
      const stream = new RandomStream(seed, `table-${format}`);
      base ??= baseOf(format);
      const bytes = await base;
      const isZipped = format !== 'parquet' && below(stream, 5) === 0;
      // Damage lies before compression, after it, or both.
      const inner = below(stream, 10) === 0 ? bytes : damaged(bytes, stream, pieces);
      const outer = isZipped ? gzipSync(inner) : inner;
      const whole = isZipped && below(stream, 3) === 0 ? damaged(outer, stream, pieces) : outer;
      const path = join(folder(), `table.${format}${isZipped ? '.gz' : ''}`);
      writeFileSync(path, whole);
      const started = performance.now();
      try {
        await readAll(path, stream);
      } catch (error) {
        const isOurs = error instanceof UnlikelyError && error.code.startsWith('data/');
        if (!isOurs || enginesWords.test(error.message)) {
          throw new Error(`seed ${seed}: ${String(error)}`, { cause: error });
        }
      }
      const seconds = (performance.now() - started) / 1000;
      if (seconds > mostSeconds) throw new Error(`seed ${seed}: ${seconds.toFixed(1)} s`);
    },
  };
}

/** A loaded machine is several times slower than one alone. */
const mostSeconds = 30;

const enginesWords =
  /INTERNAL|(Parser|Binder|Catalog|Conversion|Invalid Input|Out of Range|Serialization) Error|duckdb|std::|0x[0-9a-f]{8}/i;

async function readAll(path: string, stream: RandomStream): Promise<void> {
  await using table = await openTable(path, below(stream, 8) === 0 ? { header: false } : {});
  const rows = await table.rowCount();
  const schema = await table.inferSchema();
  let read = 0;
  for await (const batch of table.batches(schema, { batchRows: 1 + below(stream, 500) })) {
    read += batch.rows;
    if (batch.data.some((value) => value === Infinity || value === -Infinity)) {
      throw new Error('an encoded value is infinite');
    }
  }
  if (read !== rows) throw new Error(`${rows} rows, of which ${read} were read`);
  await table.match(schema);
  JSON.stringify(await table.records([0, rows - 1]));
}

let made: string | undefined;

function folder(): string {
  if (made === undefined) {
    const path = mkdtempSync(join(tmpdir(), 'unlikely-test-'));
    process.on('exit', () => rmSync(path, { recursive: true, force: true }));
    made = path;
  }
  return made;
}

/** A small table with every kind of column. */
async function baseOf(format: TableFormat): Promise<Uint8Array> {
  return readFileSync(await writePayments(folder(), format, payments(60)));
}

/** What readers trip over. */
const texts: readonly string[] = [
  // One word of a text for each kind of character, number, bracket and value.
  '" "" , ; | \\ \' \0 \u001b[2J \ufeff \u202e é 😀 $1 *',
  'NaN Infinity -Infinity 1e999 -1e-999 9007199254740993 1e400 0x10 -0 1.7e308',
  'null NULL NA true { } [ ] {} [] : {"a": "a":1, \\u0000 \\ud800',
  "2024-02-30 99999-01-01 24:00:00 ';DROP",
].flatMap((words) => words.split(' '));

const pieces: readonly Uint8Array[] = [
  ...[...texts, '\t', '\r', '\n', '\r\n', '\n\n', ' '].map((text) => Buffer.from(text)),
  Buffer.from('['.repeat(101)),
  Buffer.from('['.repeat(200_000)),
  Buffer.from('{"a":'.repeat(5000)),
  Buffer.from('9'.repeat(5000)),
  Buffer.from('x'.repeat(200_000)),
  Buffer.from(','.repeat(3000)),
  Buffer.from('\n'.repeat(3000)),
  Buffer.from(`${Array.from({ length: 400 }, (_, key) => `"k${key}":${key}`).join(',')},`),
  Buffer.from([0xff, 0xfe]),
  Buffer.from([0xfe, 0xff]),
  Buffer.from([0xff, 0xff, 0xff, 0xff]),
  Buffer.from([0xc3, 0x28]),
  Buffer.from([0x1f, 0x8b, 8, 0]),
  Buffer.from('PAR1'),
  Buffer.alloc(4096),
];
