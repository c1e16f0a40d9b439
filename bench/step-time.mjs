// Milliseconds per training step of an MLP VAE (forward, backward, Adam) on five shapes, beside the
// peers where they are at hand, interleaved in one run, each measurement in a fresh process.
//
//   node bench/step-time.mjs [--rounds 3] [--threads 1] [--peers "PYTHON FOLDER"]
//
// FOLDER holds torch_vae.py and jax_vae.py, which print "… N ms/step …" for a shape given as JSON.
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const shapes = [
  { D: 30, H: [24, 16], Z: 4, B: 32 },
  { D: 30, H: [128, 64], Z: 8, B: 128 },
  { D: 30, H: [128, 64], Z: 8, B: 512 },
  { D: 100, H: [128, 64], Z: 8, B: 1024 },
  { D: 784, H: [400], Z: 20, B: 128 },
];

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '3' },
    threads: { type: 'string', default: '1' },
    peers: { type: 'string' },
  },
});
const child = fileURLToPath(new URL('step-time-child.mjs', import.meta.url));

/** Runs one program on one shape and reads `name value` from its lines. */
const contenders = [
  {
    command: process.execPath,
    script: child,
    parse: (line) => ['unlikely', /([\d.]+) ms\/step/.exec(line)?.[1]],
  },
];
if (values.peers !== undefined) {
  const [python, folder] = values.peers.split(' ');
  for (const name of ['torch', 'jax']) {
    contenders.push({
      command: python,
      script: `${folder}/${name}_vae.py`,
      parse: (line) => {
        const [, mode, time] = /^(?:torch \S+ (\S+)|jax scan).* ([\d.]+) ms\/step/.exec(line) ?? [];
        return [name === 'jax' ? 'jax scan' : `torch ${mode}`, time];
      },
    });
  }
}

const results = new Map();
for (let round = 0; round < Number(values.rounds); round++) {
  for (const shape of shapes) {
    for (const { command, script, parse } of contenders) {
      const output = execFileSync(command, [script, JSON.stringify(shape), values.threads], {
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'ignore'],
      });
      for (const line of output.trim().split('\n')) {
        const [name, time] = parse(line);
        if (time === undefined) continue;
        const key = JSON.stringify(shape);
        const row = results.get(key) ?? new Map();
        row.set(name, [...(row.get(name) ?? []), Number(time)]);
        results.set(key, row);
      }
    }
  }
}

const median = (list) => [...list].sort((a, b) => a - b)[Math.floor(list.length / 2)];
const names = [...new Set([...results.values()].flatMap((row) => [...row.keys()]))];
console.log(`| shape | ${names.join(' | ')} | torch eager / unlikely |`);
console.log(`|---|${names.map(() => '---|').join('')}---|`);
for (const [shape, row] of results) {
  const cells = names.map((name) => (row.has(name) ? median(row.get(name)).toFixed(3) : '–'));
  const ratio = row.has('torch eager')
    ? (median(row.get('torch eager')) / median(row.get('unlikely'))).toFixed(1)
    : '–';
  console.log(`| ${shape} | ${cells.join(' | ')} | ${ratio} |`);
}
console.log(
  `\nMedians of ${values.rounds} rounds, ms per step, ${values.threads} thread(s). All values:`,
);
for (const [shape, row] of results) console.log(shape, Object.fromEntries(row));
