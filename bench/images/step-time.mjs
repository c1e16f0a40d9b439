// Time per training step of the convolutional VAE on three shapes, one and two threads, beside PyTorch
// eager with the same layers where Python can import torch; interleaved, each in a fresh process.
//
//   node bench/images/step-time.mjs [--rounds 3] [--python python3]
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const shapes = [
  { side: 28, channels: 1, batch: 128 },
  { side: 64, channels: 1, batch: 64 },
  { side: 128, channels: 3, batch: 32 },
];
const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '3' },
    python: { type: 'string', default: 'python3' },
  },
});
const beside = (file) => fileURLToPath(new URL(file, import.meta.url));
const contenders = [{ command: process.execPath, script: beside('step-time-child.mjs') }];
try {
  execFileSync(values.python, ['-c', 'import torch'], { stdio: 'ignore' });
  contenders.push({ command: values.python, script: beside('torch_image_vae.py') });
} catch {
  console.error(`${values.python} cannot import torch: PyTorch is left out.`);
}

const found = new Map();
for (let round = 0; round < Number(values.rounds); round++) {
  for (const shape of shapes) {
    for (const threads of ['1', '2']) {
      for (const { command, script } of contenders) {
        const output = execFileSync(command, [script, JSON.stringify(shape), threads], {
          encoding: 'utf8',
          stdio: ['ignore', 'pipe', 'inherit'],
        });
        const [, name, time, rest] = /^(unlikely|torch eager) ([\d.]+) ms\/step,? ?(.*)$/m.exec(
          output,
        );
        const key = `${shape.side}×${shape.side}×${shape.channels}, batch ${shape.batch}, threads ${threads}`;
        const row = found.get(key) ?? new Map();
        const entry = row.get(name) ?? { times: [], rest };
        entry.times.push(Number(time));
        row.set(name, { ...entry, rest });
        found.set(key, row);
      }
    }
  }
}
const median = (list) => [...list].sort((a, b) => a - b)[list.length >> 1];
for (const [key, row] of found) {
  for (const [name, { times, rest }] of row) {
    console.log(`${key}: ${name} ${median(times)} ms/step (${times.join(', ')}) ${rest}`);
  }
}
