import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { beforeAll, describe, expect, it } from 'vitest';
import { parseCsv, runUnlikely, sample, temporaryFolder } from './run-unlikely.ts';
import type { Ended } from './run-unlikely.ts';

const folder = temporaryFolder();
const run = (...parameters: string[]): Promise<Ended> => runUnlikely(parameters, { folder });
const freshRows = 2024;

/** Trained once for all tests of this file: few steps, since they are not about how well it finds. */
let trained: Ended;
beforeAll(async () => {
  trained = await run('train', sample.normal, '-o', 'model.onnx', '--steps', '300');
});

describe('train', () => {
  it('writes a model, tells the schema with reasons, and nothing on standard output', () => {
    expect(trained.status).toBe(0);
    expect(trained.output).toBe('');
    expect(trained.notes).toMatch(/protocol_type +categorical +text with 3 different values/);
    expect(trained.notes).toMatch(/^health +(good|weak), \d/m);
    expect(trained.notes).toMatch(/^injected +found at 1.% false alarms: .*global \d/m);
    expect(trained.notes).toMatch(/^ +AUROC 0\.\d{3}; .*L2 norm 0\.\d{3}/m);
    expect(trained.notes).toMatch(/^model +model\.onnx, [\d.]+ [kM]B/m);
    expect(existsSync(join(folder, 'model.onnx'))).toBe(true);
  });

  it('leaves neither a checkpoint nor a partial file behind', () => {
    expect(readdirSync(folder).filter((name) => /partial|checkpoint/.test(name))).toEqual([]);
  });

  it('writes the same bytes for the same seed, to standard output too', async () => {
    const [first, again, other] = [
      await run('train', sample.normal, '-o', 'first.onnx', '--steps', '40'),
      await run('train', sample.normal, '-o', 'again.onnx', '--steps', '40', '--threads', '1'),
      await run('train', sample.normal, '-o', 'other.onnx', '--steps', '40', '--seed', '2'),
    ];
    expect([first.status, again.status, other.status]).toEqual([0, 0, 0]);
    const bytes = (name: string): Buffer => readFileSync(join(folder, name));
    expect(bytes('again.onnx').equals(bytes('first.onnx'))).toBe(true);
    expect(bytes('other.onnx').equals(bytes('first.onnx'))).toBe(false);
  });

  it('trains on the rows that the label calls normal and holds the label out', async () => {
    const { status, output } = await run(
      'train',
      sample.fresh,
      '--label',
      'attack',
      '-o',
      'labelled.onnx',
      '--steps',
      '30',
      '--json',
    );
    expect(status).toBe(0);
    const result = JSON.parse(output);
    expect(result.label).toEqual({ column: 'attack', normal: ['normal'] });
    // Of the 1,500 normal rows a fifth, in blocks, is what it tests itself on.
    expect(result.rows.read).toBeLessThan(1250);
    const { test } = result;
    expect(test.share).toBe(0.2);
    expect(test.leftOut).toEqual({ known: 0, unlabelled: 0 });
    expect(test.anomalies).toBe(freshRows - 1500);
    expect(test.rows - test.anomalies + result.rows.read).toBe(1500);
    const attack = result.columns.find(({ name }: { name: string }) => name === 'attack');
    expect(attack.kind).toBe('ignored');
  });

  it('takes settings from a file, kinds and columns to ignore from options', async () => {
    writeFileSync(join(folder, 'settings.json'), '{ "members": 1, "latentSize": 2, "steps": 9 }');
    const { status, output } = await run(
      'train',
      sample.normal,
      '-o',
      'small.onnx',
      '--config',
      'settings.json',
      '--steps',
      '12',
      '--ignore',
      'service,flag',
      '--kind',
      'land=ignored',
      '--test-fpr',
      '0.05',
      '--json',
    );
    expect(status).toBe(0);
    const { configuration, columns, health, klPerUnit } = JSON.parse(output);
    expect(configuration).toMatchObject({ members: 1, latentSize: 2, steps: 12 });
    expect(health.power.falsePositiveRate).toBe(0.05);
    expect(klPerUnit).toHaveLength(2);
    const kinds = Object.fromEntries(
      columns.map(({ name, kind }: { name: string; kind: string }) => [name, kind]),
    );
    expect(kinds).toMatchObject({ service: 'ignored', flag: 'ignored', land: 'ignored' });
  });

  it('fails a gate with 4, having written the model', async () => {
    writeFileSync(join(folder, 'constant.csv'), `a,b\n${'1,x\n'.repeat(100)}`);
    const { status, notes } = await run(
      'train',
      'constant.csv',
      '-o',
      'constant.onnx',
      '--steps',
      '20',
      '--fail-on',
      'health',
    );
    expect(status).toBe(4);
    expect(notes).toContain('[gate/failed]');
    expect(existsSync(join(folder, 'constant.onnx'))).toBe(true);
  });
});

describe('score', () => {
  it('gives every row a score, in order, on standard output', async () => {
    const { status, output, notes } = await run('score', 'model.onnx', sample.fresh);
    expect(status).toBe(0);
    const rows = parseCsv(output);
    expect(output.slice(0, output.indexOf('\n'))).toBe(
      'row,score,standard_error,p_value,is_anomaly',
    );
    expect(rows.map(({ row }) => Number(row))).toEqual(
      Array.from({ length: freshRows }, (_, i) => i),
    );
    expect(rows.every(({ score }) => Number.isFinite(Number(score)))).toBe(true);
    const flagged = rows.filter(({ is_anomaly }) => is_anomaly === 'true').length;
    expect(flagged).toBeGreaterThan(200);
    expect(notes).toContain(`flagged     ${flagged}:`);
  });

  it('reads standard input and gives the same scores', async () => {
    const plain = gunzipSync(readFileSync(sample.fresh));
    const fromFile = await run('score', 'model.onnx', sample.fresh);
    const fromInput = await runUnlikely(['score', 'model.onnx', '-'], {
      folder,
      standardInput: plain,
    });
    expect(fromInput.status).toBe(0);
    expect(fromInput.output).toBe(fromFile.output);
  });

  it('keeps columns, explains flagged rows, and flags exactly the number of alerts', async () => {
    const { status, output } = await run(
      'score',
      'model.onnx',
      sample.fresh,
      '-o',
      'scores.ndjson',
      '--json',
      '--keep',
      'attack,service',
      '--explain',
      '2',
      '--alerts',
      '17',
    );
    expect(status).toBe(0);
    expect(JSON.parse(output)).toMatchObject({ rows: freshRows, flagged: 17, threshold: null });
    const rows = readFileSync(join(folder, 'scores.ndjson'), 'utf8')
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    const flagged = rows.filter(({ is_anomaly }) => is_anomaly);
    expect(flagged).toHaveLength(17);
    const lowest = Math.min(...flagged.map(({ score }) => score));
    expect(rows.filter(({ score }) => score > lowest).length).toBeLessThan(17);
    expect(flagged.every(({ top_features }) => / is .+/.test(top_features))).toBe(true);
    expect(Object.keys(rows[0])).toEqual([
      'row',
      'score',
      'standard_error',
      'p_value',
      'is_anomaly',
      'attack',
      'service',
      'top_features',
    ]);
    expect(rows[0]).toMatchObject({ attack: expect.any(String), service: expect.any(String) });
  });

  it('writes Parquet that it can read again, at a threshold', async () => {
    const { status, output } = await run(
      'score',
      'model.onnx',
      sample.fresh,
      '-o',
      'scores.parquet',
      '--threshold',
      '100',
      '--json',
    );
    expect(status).toBe(0);
    expect(JSON.parse(output).threshold).toBe(100);
    const again = await run('train', 'scores.parquet', '-o', 'scores.onnx', '--steps', '5');
    expect(again.notes).toContain('2,024 rows, 5 columns');
  });

  it('is faster with one network, which has thresholds of its own', async () => {
    const { status, output } = await run('score', 'model.onnx', sample.fresh, '--fast');
    expect(status).toBe(0);
    const full = await run('score', 'model.onnx', sample.fresh);
    expect(output).not.toBe(full.output);
    expect(parseCsv(output)).toHaveLength(freshRows);
  });

  it('replaces an output whole', async () => {
    writeFileSync(join(folder, 'old.csv'), 'what stood here');
    expect((await run('score', 'model.onnx', sample.fresh, '-o', 'old.csv')).status).toBe(0);
    expect(parseCsv(readFileSync(join(folder, 'old.csv'), 'utf8'))).toHaveLength(freshRows);
  });

  it('says that a full disk is full', async () => {
    if (!existsSync('/dev/full')) return;
    const { spawnSync } = await import('node:child_process');
    const { unlikelyProgram } = await import('./run-unlikely.ts');
    const { status, stderr } = spawnSync(
      'sh',
      [
        '-c',
        `"$0" "$1" score model.onnx "$2" > /dev/full`,
        process.execPath,
        unlikelyProgram,
        sample.fresh,
      ],
      { cwd: folder, encoding: 'utf8' },
    );
    expect(stderr).toMatch(/^error .*(full|space|ENOSPC)/m);
    expect(stderr).not.toMatch(/^\s+at /m);
    expect(status).toBe(1);
  });
});

describe('evaluate', () => {
  it('prints the metrics beside the simple methods', async () => {
    const { status, output } = await run(
      'evaluate',
      'model.onnx',
      sample.fresh,
      '--label',
      'attack',
      '--reference',
      sample.normal,
    );
    expect(status).toBe(0);
    for (const method of ['unlikely', 'L2 norm', 'PCA', 'isolation forest', 'neighbours', 'random'])
      expect(output).toContain(method);
    expect(output).toMatch(/AUROC 0\.9\d\d/);
  });

  it('prints one object with --json, and a report beside', async () => {
    const { status, output } = await run(
      'evaluate',
      'model.onnx',
      sample.fresh,
      '--label',
      'attack',
      '--no-baselines',
      '--report',
      'evaluation.html',
      '--json',
    );
    expect(status).toBe(0);
    const evaluation = JSON.parse(output);
    // Connections repeat each other: some are equal to ones that trained the model.
    const { known } = evaluation.leftOut;
    expect(known).toBeLessThan(20);
    expect(evaluation).toMatchObject({ rows: freshRows - known, normalValues: ['normal'] });
    expect(evaluation.auroc).toBeGreaterThan(0.9);
    expect(evaluation.baselines).toEqual([]);
    expect(readFileSync(join(folder, 'evaluation.html'), 'utf8')).toMatch(/^<!doctype html>/i);
  });

  it('has no AUROC where all rows are of one class', async () => {
    const plain = gunzipSync(readFileSync(sample.fresh)).toString().split('\n');
    const normal = plain.filter((line, index) => index === 0 || line.endsWith(',normal'));
    writeFileSync(join(folder, 'one-class.csv'), `${normal.join('\n')}\n`);
    const { status, output } = await run(
      'evaluate',
      'model.onnx',
      'one-class.csv',
      '--label',
      'attack',
      '--no-baselines',
      '--json',
    );
    expect(status).toBe(0);
    expect(JSON.parse(output)).toMatchObject({ anomalies: 0, auroc: null });
  });
});

describe('explain', () => {
  it('names the features in words, with parts that add up to the score', async () => {
    const { status, output } = await run(
      'explain',
      'model.onnx',
      sample.fresh,
      '--rows',
      '5,0',
      '--json',
    );
    expect(status).toBe(0);
    const { explanations } = JSON.parse(output);
    expect(explanations.map(({ row }: { row: number }) => row)).toEqual([5, 0]);
    for (const { score, latent, usual, features } of explanations) {
      const sum = features.reduce(
        (total: number, { contribution }: { contribution: number }) => total + contribution,
        latent + usual,
      );
      expect(Math.abs(sum - score)).toBeLessThan(1e-3 * Math.max(1, Math.abs(score)));
    }
    const words = await run('explain', 'model.onnx', sample.fresh, '--rows', '5');
    expect(words.output).toMatch(/^row 5 +score .+ p /);
  });

  it('refuses a row that is not there', async () => {
    const { status, notes } = await run('explain', 'model.onnx', sample.fresh, '--rows', '999999');
    expect(status).toBe(2);
    expect(notes).toMatch(/^error .*999999/m);
  });
});

describe('inspect, report and doctor', () => {
  it('inspect shows the manifest', async () => {
    const { status, output } = await run('inspect', 'model.onnx', '--json');
    expect(status).toBe(0);
    expect(JSON.parse(output)).toMatchObject({
      formatVersion: 2,
      rows: { read: 4000 },
      health: { verdict: expect.stringMatching(/^(good|weak)$/) },
    });
    const { output: page } = await run('inspect', 'model.onnx');
    expect(page).toMatch(/^thresholds +/m);
    expect(page).toMatch(/^latent +KL of each unit \d/m);
    expect(page).toMatch(/^  global +250 +[\d.]+.% +[01]\.\d{3}/m);
    expect(page).toMatch(/^  src_bytes +count .* (> 5|[1-5])σ /m);
    expect(page).toMatch(/^  protocol_type +categorical .*% /m);
  });

  it('report writes one page that needs no other file', async () => {
    const { status } = await run('report', 'model.onnx', sample.fresh, '-o', 'page.html');
    expect(status).toBe(0);
    const page = readFileSync(join(folder, 'page.html'), 'utf8');
    expect(page).not.toMatch(/<(script|link|img)[^>]+(src|href)="http/);
  });

  it('doctor computes right here', async () => {
    const { status, output } = await run('doctor', '--json');
    expect(status).toBe(0);
    const { checks, isGood } = JSON.parse(output);
    expect(isGood).toBe(true);
    expect(checks.map(({ name }: { name: string }) => name)).toEqual([
      'gradients',
      'training',
      'speed',
    ]);
  });
});

describe('demo', () => {
  it('goes the whole way in less than a minute and is better than the simple methods', async () => {
    const started = performance.now();
    const { status, output } = await run('demo', '--json');
    expect(status).toBe(0);
    expect(performance.now() - started).toBeLessThan(60_000);
    const { evaluation, anomalies } = JSON.parse(output);
    expect(anomalies).toHaveLength(5);
    for (const { name, auroc, ours } of evaluation.baselines) {
      expect([name, ours > auroc]).toEqual([name, true]);
    }
    expect(readdirSync(join(folder, 'unlikely-demo')).toSorted()).toEqual([
      'model.onnx',
      'report.html',
    ]);
  });
});

describe('usage', () => {
  it.each([
    [['--version'], 0],
    [['--help'], 0],
    [['score', '--help'], 0],
    [[], 2],
    [['nonsense'], 2],
    [['train'], 2],
    [['train', 'x.csv', '--sed', '1'], 2],
    [['train', 'x.csv', '--seed', 'one'], 2],
    [['train', 'x.csv', '--kind', 'a=number'], 2],
    [['score', 'm.onnx', 'x.csv', '--fpr', '2'], 2],
    [['score', 'm.onnx', 'x.csv', '--fpr', '0.1', '--alerts', '3'], 2],
    [['score', 'm.onnx', 'x.csv', '--json'], 2],
    [['evaluate', 'm.onnx', 'x.csv'], 2],
    [['train', 'x.csv', '--config', 'absent.json'], 2],
  ])('%j ends with %i', async (parameters, expected) => {
    const { status, notes } = await run(...parameters);
    expect(status).toBe(expected);
    expect(notes).not.toMatch(/^\s+at /m);
  });

  it('prints errors as one object with --json', async () => {
    const { status, output, notes } = await run('train', 'absent.csv', '--json');
    expect(status).toBe(3);
    expect(notes).toBe('');
    expect(JSON.parse(output)).toEqual({
      error: { code: 'data/file-not-found', message: expect.any(String), help: expect.any(String) },
    });
  });
});
