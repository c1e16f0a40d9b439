// Coverage of the conformal p-values: half of the normal rows train and calibrate, the other half is
// fresh. In file order the halves may differ, and then nothing is promised; shuffled they are
// exchangeable.
//
//   node bench/quality/calibration.mjs --data ../shared/data/tabular/adbench --out calibration.json
import { writeFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { calibrationMarkdown } from './calibration-markdown.mjs';
import { runJobs } from './job-pool.mjs';
import { setFiles } from './set-files.mjs';

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
const text = calibrationMarkdown(results, rates);
await writeFile(`${values.out.replace(/\.json$/, '')}.md`, text);
console.log(text);
process.exitCode = failed === 0 ? 0 : 1;
