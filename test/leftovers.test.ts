import { spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { madeCsv } from './made-table.ts';
import { runUnlikely, startUnlikely, temporaryFolder } from './run-unlikely.ts';

const folder = temporaryFolder();
const temporary = join(folder, 'temporary');
const environment = { TMPDIR: temporary, TEMP: temporary };
const run = (...parameters: string[]) => runUnlikely(parameters, { folder, environment });
const left = (): string[] => readdirSync(temporary).filter((name) => name.startsWith('unlikely-'));
const partials = (): string[] => readdirSync(folder).filter((name) => name.endsWith('.partial'));
const wait = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

beforeAll(async () => {
  mkdirSync(temporary);
  writeFileSync(join(folder, 'data.csv'), madeCsv(300));
  writeFileSync(join(folder, 'big.csv'), madeCsv(60_000));
  expect((await run('train', 'data.csv', '-o', 'm.onnx', '--steps', '20')).status).toBe(0);
  expect(left()).toEqual([]);
});

/** A killed scoring, and the name of the folder that it left. */
async function killed(): Promise<string> {
  const before = new Set(left());
  const running = startUnlikely(['score', 'm.onnx', 'big.csv', '-o', 'scores.csv'], {
    folder,
    environment,
  });
  let made: string[] = [];
  for (let look = 0; look < 1000 && made.length === 0; look++) {
    await wait(5);
    made = left().filter((name) => !before.has(name));
  }
  running.process.kill('SIGKILL');
  await running.ended;
  expect(made).toHaveLength(1);
  return made[0]!;
}

describe('what a killed run leaves in the temporary folder', () => {
  it('is removed by the next run, whenever it was killed', async () => {
    for (let moment = 0; moment < 8; moment++) {
      const running = startUnlikely(['score', 'm.onnx', 'big.csv', '-o', 'scores.csv'], {
        folder,
        environment,
      });
      await wait(150 + 250 * moment);
      running.process.kill('SIGKILL');
      await running.ended;
    }
    const { status } = await run('score', 'm.onnx', 'data.csv', '-o', 'scores.csv');
    expect(status).toBe(0);
    expect(left()).toEqual([]);
    expect(partials()).toEqual([]);
  });

  it('is left where it may belong to a run that goes on, or to somebody else', async () => {
    const name = await killed();
    const [, pid, start, scope] = /^unlikely-(\d+)-(\d+)-([0-9a-f]{8})-/.exec(name)!;
    const path = (one: string): string => join(temporary, one);
    const old = new Date('2001-01-01');
    const kept = [
      // A folder of the user's, older names, a run of another machine or container.
      'unlikely-demo',
      'unlikely-AbCdEf',
      `unlikely-${pid}-${start}-${scope}`,
      `unlikely-${pid}-${start}-${scope === '00000000' ? '11111111' : '00000000'}-AbCdEf`,
    ];
    for (const one of kept) mkdirSync(path(one));
    utimesSync(path('unlikely-demo'), old, old);
    mkdirSync(join(folder, 'precious'), { recursive: true });
    writeFileSync(join(folder, 'precious/file'), '');
    const link = `unlikely-${pid}-${start}-${scope}-LinkLi`;
    symlinkSync(join(folder, 'precious'), path(link));
    // The same number, started at another time: the number was given again.
    const again = `unlikely-${process.pid}-1-${scope}-AbCdEf`;
    mkdirSync(path(again));
    symlinkSync(join(folder, 'precious'), join(path(again), 'link'));
    // A day without a touch: the machine was switched off, the container is gone.
    const longAgo = `unlikely-${pid}-${start}-ffffffff-AbCdEf`;
    mkdirSync(path(longAgo));
    utimesSync(path(longAgo), old, old);

    expect((await run('score', 'm.onnx', 'data.csv', '-o', 'scores.csv')).status).toBe(0);
    const isLinux = existsSync('/proc/self/stat');
    expect(left().sort()).toEqual([...kept, link, ...(isLinux ? [] : [again])].sort());
    expect(existsSync(join(folder, 'precious/file'))).toBe(true);
    for (const one of left()) renameSync(path(one), join(mkdtempSync(join(folder, 'away-')), 'x'));
  });

  it.skipIf(process.getuid?.() !== 0)('is left where another user owns it (as root)', async () => {
    const name = await killed();
    spawnSync('chown', ['-R', '12345', join(temporary, name)]);
    expect((await run('score', 'm.onnx', 'data.csv', '-o', 'scores.csv')).status).toBe(0);
    expect(left()).toEqual([name]);
    renameSync(join(temporary, name), join(mkdtempSync(join(folder, 'away-')), 'x'));
  });

  it('is not that of a run that goes on', async () => {
    const running = startUnlikely(['train', 'big.csv', '-o', 'long.onnx', '--steps', '100000'], {
      folder,
      environment,
    });
    await running.says('table  ');
    const before = left();
    expect(before).toHaveLength(1);
    expect((await run('score', 'm.onnx', 'data.csv', '-o', 'scores.csv')).status).toBe(0);
    expect(left()).toEqual(before);
    running.process.kill('SIGTERM');
    expect((await running.ended).status).toBe(143);
    expect(left()).toEqual([]);
  });
});
