import { spawn } from 'node:child_process';
import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { beforeAll, describe, expect, it } from 'vitest';
import { madeCsv } from './made-table.ts';
import { parseCsv, runUnlikely, temporaryFolder, unlikelyProgram } from './run-unlikely.ts';

const folder = temporaryFolder();
const rows = parseCsv(madeCsv(60)).map(({ x, y, count, side }) => ({
  x: Number(x),
  y: Number(y),
  count: Number(count),
  side,
}));
let scores: number[];

beforeAll(async () => {
  writeFileSync(join(folder, 'normal.csv'), madeCsv(400));
  writeFileSync(join(folder, 'new.csv'), madeCsv(60));
  const trained = await runUnlikely(
    ['train', 'normal.csv', '-o', 'model.onnx', '--steps', '100', '--members', '1'],
    { folder },
  );
  expect([trained.status, trained.notes]).toEqual([0, expect.anything()]);
  const { output } = await runUnlikely(['score', 'model.onnx', 'new.csv'], { folder });
  scores = parseCsv(output).map(({ score }) => Number(score));
});

/** A running command, line by line: the pipes are those of a real process. */
function follow(...more: string[]): {
  process: ChildProcessWithoutNullStreams;
  send: (line: string) => void;
  answer: () => Promise<Record<string, unknown>>;
} {
  const command = [unlikelyProgram, 'score', 'model.onnx', '-', '--follow', ...more];
  const process_ = spawn(process.execPath, command, { cwd: folder });
  const lines = createInterface(process_.stdout)[Symbol.asyncIterator]();
  return {
    process: process_,
    send: (line) => void process_.stdin.write(`${line}\n`),
    answer: async () => JSON.parse((await lines.next()).value as string),
  };
}

async function ended(running: ChildProcessWithoutNullStreams): Promise<number> {
  running.stdin.end();
  const [code] = await once(running, 'close');
  return code as number;
}

describe('score --follow', () => {
  it('answers each line before the next one comes, as the file is scored', async () => {
    const { process: running, send, answer } = follow('--keep', 'side');
    for (const [row, record] of rows.slice(0, 20).entries()) {
      send(JSON.stringify(record));
      const answered = await answer();
      expect(answered).toMatchObject({ row, side: record.side, score: scores[row] });
      expect(answered['p_value']).toBeGreaterThan(0);
    }
    expect(await ended(running)).toBe(0);
  });

  it('answers many lines at once in their order', async () => {
    const { process: running, answer } = follow();
    const text = rows.map((record) => `${JSON.stringify(record)}\n`).join('');
    // No line ends where a part of the text does.
    for (let at = 0; at < text.length; at += 97) running.stdin.write(text.slice(at, at + 97));
    for (const [row, score] of scores.entries())
      expect(await answer()).toMatchObject({ row, score });
    expect(await ended(running)).toBe(0);
  });

  it('reads CSV under the names of its first line', async () => {
    const { process: running, send, answer } = follow();
    const [head, ...lines] = madeCsv(60).trimEnd().split('\n');
    send(head!);
    for (const [row, line] of lines.slice(0, 5).entries()) {
      send(line);
      expect(await answer()).toMatchObject({ row, score: scores[row] });
    }
    send('1,2');
    expect(await answer()).toMatchObject({ row: 5, error: { code: 'data/ragged' } });
    send('1,"2,3,4');
    expect(await answer()).toMatchObject({ row: 6, error: { code: 'data/malformed' } });
    send(lines[7]!);
    expect(await answer()).toMatchObject({ row: 7, score: scores[7] });
    expect(await ended(running)).toBe(0);
  });

  it('answers a bad line with its error, counts it and goes on', async () => {
    const { process: running, send, answer } = follow('--explain', '1', '--threshold', '-1000000');
    let notes = '';
    running.stderr.on('data', (part) => (notes += part));
    const codes: unknown[] = [];
    for (const line of [
      JSON.stringify(rows[0]),
      '{"x": 1',
      '[1]',
      JSON.stringify({ ...rows[0], x: 'far' }),
      JSON.stringify({ x: 1, y: 1, side: 'left' }),
      JSON.stringify({ ...rows[0], side: 'unheard of', more: [1] }),
    ]) {
      send(line);
      const { row, error, reasons, is_anomaly: isAnomaly } = await answer();
      expect(row).toBe(codes.length);
      codes.push(error === undefined ? isAnomaly : (error as { code: string }).code);
      if (error === undefined) expect(reasons).toHaveLength(1);
    }
    expect(codes).toEqual([
      true,
      'data/malformed',
      'data/malformed',
      'data/retyped-column',
      'data/missing-column',
      true,
    ]);
    expect(await ended(running)).toBe(0);
    expect(notes).toMatch(/2 scored[\s\S]*flagged +2[\s\S]*refused +4/);
  });

  it('lets a source that is faster wait, within bounded memory', async () => {
    const { process: running } = follow();
    const line = `${JSON.stringify(rows[0])}\n`;
    let sent = 0;
    // Nobody reads the answers: the pipes fill up, and then nothing is taken any more.
    while (running.stdin.write(line) && sent < 1e6) sent++;
    running.stdin.write(line.repeat(200_000));
    let drained = false;
    running.stdin.once('drain', () => (drained = true));
    await new Promise((resolve) => setTimeout(resolve, 4000));
    expect(drained).toBe(false);
    running.stdin.on('error', () => {});
    running.kill('SIGTERM');
    const [status, signal] = await once(running, 'close');
    // It waits for its answers to be taken, which nobody does: it ends by the signal itself.
    expect([status, signal]).toEqual([null, 'SIGTERM']);
  });

  it('refuses what is no stream', async () => {
    for (const more of [
      ['new.csv', '--follow'],
      ['-', '--follow', '-o', 'scores.csv'],
      ['-', '--follow', '--alerts', '3'],
    ]) {
      const { status, notes } = await runUnlikely(['score', 'model.onnx', ...more], { folder });
      expect([status, notes]).toEqual([2, expect.stringMatching(/--follow/)]);
    }
  });
});
