import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { madeCsv } from './made-table.ts';
import { runUnlikely, temporaryFolder } from './run-unlikely.ts';

const folder = temporaryFolder();
const moved = (line: string): string => {
  const [x, y, ...rest] = line.split(',');
  return [Number(x) + 4, Number(y) + 4, ...rest].join(',');
};

beforeAll(async () => {
  writeFileSync(
    join(folder, 'rows.csv'),
    madeCsv(600, (line) => line),
  );
  writeFileSync(
    join(folder, 'same.csv'),
    madeCsv(300, (line) => line),
  );
  writeFileSync(join(folder, 'moved.csv'), madeCsv(300, moved));
  const { status } = await runUnlikely(['train', 'rows.csv', '--steps', '300', '-o', 'm.onnx'], {
    folder,
  });
  expect(status).toBe(0);
});

describe('rows that have moved', () => {
  it('are told first by score, with the columns, and to programs', async () => {
    const { status, notes, output } = await runUnlikely(
      ['score', 'm.onnx', 'moved.csv', '-o', 'scores.csv', '--json', '--fail-on', 'drift'],
      { folder },
    );
    expect(status).toBe(4);
    expect(notes).toBe('');
    expect(output).toContain('gate/failed');
    const told = JSON.parse(output.split('\n', 1)[0]!) as {
      hasMoved: boolean;
      moved: { field: string }[];
    };
    expect(told.hasMoved).toBe(true);
    expect(told.moved.map(({ field }) => field)).toEqual(expect.arrayContaining(['x', 'y']));
    const spoken = await runUnlikely(['score', 'm.onnx', 'moved.csv', '-o', 'scores.csv'], {
      folder,
    });
    expect(spoken.status).toBe(0);
    expect(spoken.notes).toMatch(/^warning +\d+ of 300 rows are flagged/m);
    expect(spoken.notes).toMatch(/Most has moved: .*\bx \(/);
  });

  it('are not found where none have', async () => {
    const scored = await runUnlikely(
      ['score', 'm.onnx', 'same.csv', '-o', 'scores.csv', '--fail-on', 'drift'],
      { folder },
    );
    expect(scored.status).toBe(0);
    expect(scored.notes).not.toContain('moved');
    const drift = await runUnlikely(['drift', 'm.onnx', 'same.csv', '--fail-on', 'drift'], {
      folder,
    });
    expect(drift.status).toBe(0);
    expect(drift.output).toMatch(/drift +none/);
  });

  it('are shown by drift a column at a time', async () => {
    const { status, output } = await runUnlikely(
      ['drift', 'm.onnx', 'moved.csv', '--json', '--fail-on', 'drift'],
      { folder },
    );
    expect(status).toBe(4);
    const { hasMoved, rows, fields } = JSON.parse(output.split('\n', 1)[0]!) as {
      hasMoved: boolean;
      rows: number;
      fields: { field: string; hasMoved: boolean; news: number }[];
    };
    expect({ hasMoved, rows }).toEqual({ hasMoved: true, rows: 300 });
    const named = fields.filter((field) => field.hasMoved).map(({ field }) => field);
    expect(named.toSorted()).toEqual(['x', 'y']);
  });

  it('are no gate of a training', async () => {
    const { status, notes } = await runUnlikely(['train', 'rows.csv', '--fail-on', 'drift'], {
      folder,
    });
    expect(status).toBe(2);
    expect(notes).toContain('health');
  });
});

describe('rows whose order means something', () => {
  it('raise the thresholds, and training and inspect say so', async () => {
    const lines = Array.from({ length: 600 }, (_, row) => {
      const drift = row / 100;
      return `${drift + Math.sin(row * 12.9898)},${Math.cos(row * 78.233) - drift}`;
    });
    writeFileSync(join(folder, 'drifting.csv'), `x,y\n${lines.join('\n')}\n`);
    const { notes } = await runUnlikely(
      ['train', 'drifting.csv', '--steps', '300', '-o', 'drifting.onnx'],
      { folder },
    );
    expect(notes).toMatch(/warning +The order of the rows matters: /);
    const { output } = await runUnlikely(['inspect', 'drifting.onnx'], { folder });
    expect(output).toMatch(/^order +of the .*; thresholds are raised to that$/m);
    const shuffled = await runUnlikely(['inspect', 'm.onnx'], { folder });
    expect(shuffled.output).toMatch(/^order +blocks of rows .* score like rows at random$/m);
  });
});
