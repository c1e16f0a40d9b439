// Coverage of the conformal p-values: half of the normal rows train and calibrate, the other half is
// fresh. In file order the halves may differ, and then nothing is promised; shuffled they are
// exchangeable.
//
//   node bench/quality/calibration.mjs --data ../shared/data/tabular/adbench --out calibration.json
import { writeFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { runJobs } from './job-pool.mjs';
import { table } from './markdown.mjs';
import { setFiles } from './set-files.mjs';
import { fewestHonestRows, mean } from './summary.mjs';

const rates = [0.01, 0.02, 0.05, 0.1];

const { values } = parseArgs({
  options: {
    data: { type: 'string' },
    sets: { type: 'string' },
    seeds: { type: 'string', default: '0,1,2' },
    orders: { type: 'string', default: 'shuffled,file' },
    out: { type: 'string', default: 'calibration.json' },
    jobs: { type: 'string', default: String(availableParallelism()) },
    options: { type: 'string', default: '{}' },
  },
});
if (values.data === undefined) throw new Error('expected --data FOLDER');
const options = JSON.parse(values.options);
const sets = await setFiles(values.data, values.sets?.split(','));
const inputs = values.orders
  .split(',')
  .flatMap((order) =>
    values.seeds
      .split(',')
      .flatMap((seed) =>
        sets.map(({ set, path }) => ({ path, set, seed: Number(seed), order, rates, options })),
      ),
  );

const results = [];
const child = fileURLToPath(new URL('calibration-child.mjs', import.meta.url));
const failed = await runJobs(child, inputs, Number(values.jobs), async (result) => {
  results.push(result);
  const { set, order, seed, points } = result;
  const shares = points.map(({ promised, observed }) => `${promised}: ${observed.toFixed(4)}`);
  console.error(`${set} ${order} seed ${seed}: ${shares.join(', ')}`);
  await writeFile(values.out, JSON.stringify({ rates, options, results }, null, 1));
});
const text = markdown();
await writeFile(`${values.out.replace(/\.json$/, '')}.md`, text);
console.log(text);
process.exitCode = failed === 0 ? 0 : 1;

function markdown() {
  const honest = results.filter(({ rows }) => rows >= fewestHonestRows);
  return values.orders
    .split(',')
    .map((order) => {
      const own = honest.filter((result) => result.order === order);
      return `**${order === 'file' ? 'Halves in file order' : 'Shuffled halves'}**\n\n${overRates(own)}\n\n${overSets(own)}\n`;
    })
    .join('\n');
}

const pointsAt = (own, rate) =>
  own.flatMap(({ points }) => points.filter(({ promised }) => promised === rate));

function overRates(own) {
  const rows = rates.map((rate) => {
    const points = pointsAt(own, rate);
    const observed = points.map((point) => point.observed);
    return [
      rate,
      points.length,
      mean(observed).toFixed(4),
      Math.max(...observed).toFixed(4),
      points.filter(({ holds }) => !holds).length,
    ];
  });
  return table(['promised', 'runs', 'mean observed', 'largest', 'beyond the 99 % bound'], rows);
}

function overSets(own) {
  const names = [...new Set(own.map(({ set }) => set))];
  const rows = names.map((set) => {
    const runs = own.filter((result) => result.set === set);
    const cells = rates.map((rate) => {
      const points = pointsAt(runs, rate);
      if (points.length === 0) return '–';
      const bound = Math.max(...points.map((point) => point.bound));
      return `${mean(points.map(({ observed }) => observed)).toFixed(4)} (${bound.toFixed(4)})`;
    });
    return [set, runs[0].calibrationRows, runs[0].testRows, ...cells];
  });
  const heads = rates.map((rate) => `${rate}`);
  return table(['set', 'calibration rows', 'fresh rows', ...heads], rows);
}
