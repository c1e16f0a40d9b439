import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { beforeEach, describe, expect, it } from 'vitest';
import { madeCsv } from './made-table.ts';
import { root } from './repository.ts';
import { runUnlikely, startUnlikely, temporaryFolder } from './run-unlikely.ts';

const execute = promisify(execFile);
const folder = temporaryFolder();
const [home, temporary] = [join(folder, 'home'), join(folder, 'temporary')];

/** A user's environment: without `CI`, in which ONNX Runtime keeps quiet by itself. */
const environment: NodeJS.ProcessEnv = {
  CI: undefined,
  GITHUB_ACTIONS: undefined,
  ORT_DISABLE_TELEMETRY: undefined,
  HOME: home,
  TMPDIR: temporary,
  // Windows' words for the two.
  USERPROFILE: home,
  TEMP: temporary,
  TMP: temporary,
};

const left = (): string[] =>
  [home, temporary].flatMap((each) => readdirSync(each, { recursive: true }) as string[]);

beforeEach(() => {
  for (const each of [home, temporary]) {
    rmSync(each, { recursive: true, force: true });
    mkdirSync(each);
  }
  writeFileSync(join(folder, 'rows.csv'), madeCsv(400));
});

describe('nothing is left in the home or in the temporary folder', () => {
  const train = ['train', 'rows.csv', '-o', 'model.onnx', '--steps', '300', '--members', '2'];

  it('by the commands', async () => {
    const commands = [
      train,
      ['score', 'model.onnx', 'rows.csv', '-o', 'scores.csv'],
      ['explain', 'model.onnx', 'rows.csv', '--rows', '3'],
      ['report', 'model.onnx', 'rows.csv', '-o', 'report.html'],
      ['generate', 'model.onnx', '--count', '5', '-o', 'made.csv'],
      ['inspect', 'model.onnx'],
      ['doctor'],
    ];
    for (const command of commands) {
      const { status, notes } = await runUnlikely(command, { folder, environment });
      expect([command[0], status, status === 0 ? '' : notes]).toEqual([command[0], 0, '']);
      expect([command[0], ...left()]).toEqual([command[0]]);
    }
  });

  it('by the library', async () => {
    const library = pathToFileURL(join(root, 'packages/unlikely/dist/index.js')).href;
    const program = `
      import { Detector, VAE } from '${library}';
      const detector = await Detector.train('rows.csv', { steps: 300, members: 2 });
      for await (const batch of detector.score('rows.csv')) batch.score;
      await detector.dispose();
      const vae = new VAE({ steps: 100, members: 1 });
      await vae.fit(Array.from({ length: 50 }, (_, i) => ({ a: Math.cos(i), b: Math.sin(i) })));
      await vae.dispose();`;
    await execute(process.execPath, ['--input-type=module', '-e', program], {
      cwd: folder,
      env: { ...process.env, ...environment },
    });
    expect(left()).toEqual([]);
  });

  it('by a run that is killed, once another has run', async () => {
    const killed = startUnlikely([...train, '--steps', '1000000'], { folder, environment });
    while (readdirSync(temporary).length === 0) await new Promise((go) => setTimeout(go, 5));
    killed.process.kill('SIGKILL');
    await killed.ended;
    expect(left()).not.toEqual([]);
    expect((await runUnlikely(train, { folder, environment })).status).toBe(0);
    expect(left()).toEqual([]);
    expect(existsSync(join(folder, 'model.onnx'))).toBe(true);
  });
});
