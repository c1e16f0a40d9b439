/**
 * `npm run fuzz -- --minutes N [--target NAME] [--seed N]`: damaged and grown files for everything that reads
 * what strangers bring, seed after seed, each target in a process of its own. A process that ends by itself
 * or stands still is a fault like any other. Every fault is printed with its seed; the exit status is 1 where
 * there was one.
 */
import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { root } from './packages.mjs';

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '10' },
    target: { type: 'string' },
    seed: { type: 'string', default: '1000' },
  },
});
const every = [
  'model-file',
  'image-file',
  ...['csv', 'tsv', 'json', 'ndjson', 'parquet'].map((format) => `table-${format}`),
];
const targets = values.target === undefined ? every : [values.target];
if (targets.some((name) => !every.includes(name))) {
  console.error(`expected a target of ${every.join(', ')}, got ${values.target}`);
  process.exit(2);
}

/** Nothing happens for so long where something is wrong. */
const stillSeconds = 120;
const folder = await mkdtemp(join(tmpdir(), 'unlikely-fuzz-'));
const end = Date.now() + 60_000 * Number(values.minutes);
const next = new Map(targets.map((name) => [name, Number(values.seed)]));
let [tried, faults] = [0, 0];
/** Long enough for a start to be worth it, short enough that all targets come to their turn. */
const share = Math.min(120_000, (60_000 * Number(values.minutes)) / targets.length);
try {
  while (Date.now() < end) {
    for (const target of targets) {
      const seconds = Math.min(share, end - Date.now()) / 1000;
      if (seconds > 1) await turn(target, Math.ceil(seconds));
    }
  }
} finally {
  await rm(folder, { recursive: true, force: true });
}
console.log(`${tried} seeds tried, ${faults} faults`);
process.exitCode = faults === 0 ? 0 : 1;

/** Seeds of a target for some seconds; goes on behind the one that showed a fault. */
async function turn(target, seconds) {
  const from = next.get(target);
  const state = join(folder, target);
  const { output, status, isStuck } = await run(target, from, seconds, state);
  const last = Number(await readFile(state, 'utf8').catch(() => from));
  tried += last - from + 1;
  next.set(target, last + 1);
  if (status === 0) return;
  faults++;
  const words = isStuck ? 'stands still' : status === null ? 'ended the process' : 'broke a law';
  const reason = /Error: (.*)/.exec(output)?.[1] ?? output.slice(-400);
  console.log(`${target}, seed ${last}: ${words}: ${reason}`);
}

function run(target, from, seconds, state) {
  const environment = {
    ...process.env,
    NO_COLOR: '1',
    FUZZ_TARGET: target,
    FUZZ_FROM: String(from),
    FUZZ_SECONDS: String(seconds),
    FUZZ_STATE: state,
  };
  const line = ['vitest', 'run', '--config', 'test/fuzz/vitest.config.ts', '--root', '.'];
  const child = spawn('npx', line, { cwd: root, env: environment, detached: true });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => (output += text));
  let isStuck = false;
  const started = Date.now();
  const watch = setInterval(async () => {
    const changed = await stat(state).then(
      ({ mtimeMs }) => mtimeMs,
      () => started,
    );
    if (Date.now() - Math.max(changed, started) < 1000 * stillSeconds) return;
    isStuck = true;
    process.kill(-child.pid, 'SIGKILL');
  }, 5000);
  return new Promise((done) => {
    child.on('close', (status) => {
      clearInterval(watch);
      done({ output, status, isStuck });
    });
  });
}
