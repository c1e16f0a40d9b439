// Does the power test, which needs no labels, rank detectors as labelled anomalies do? And do explanations
// name the column that was changed?
//
//   node bench/quality/power.mjs --data ../shared/data/tabular/adbench --out power.json
import { writeFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { runJobs } from './job-pool.mjs';
import { powerMarkdown } from './power-markdown.mjs';
import { setFiles } from './set-files.mjs';

const { values } = parseArgs({
  options: {
    data: { type: 'string' },
    sets: { type: 'string' },
    seeds: { type: 'string', default: '0' },
    detectors: {
      type: 'string',
      default: [
        'unlikely',
        'unlikely+score=reconstruction-probability',
        'unlikely+score=aggregate-elbo',
        'l2-norm',
        'principal-components',
        'isolation-forest',
        'nearest-neighbours',
        'local-outlier-factor',
      ].join(','),
    },
    rate: { type: 'string', default: '0.01' },
    out: { type: 'string', default: 'power.json' },
    jobs: { type: 'string', default: String(availableParallelism()) },
    options: { type: 'string', default: '{}' },
  },
});
if (values.data === undefined) throw new Error('expected --data FOLDER');
const options = JSON.parse(values.options);
const detectors = values.detectors.split(',');
const rate = Number(values.rate);
const sets = await setFiles(values.data, values.sets?.split(','));
const inputs = values.seeds
  .split(',')
  .flatMap((seed) =>
    sets.map(({ set, path }) => ({ path, set, seed: Number(seed), detectors, rate, options })),
  );

const results = [];
const child = fileURLToPath(new URL('power-child.mjs', import.meta.url));
const failed = await runJobs(child, inputs, Number(values.jobs), async (result) => {
  results.push(result);
  console.error(`${result.set} seed ${result.seed}`);
  await writeFile(values.out, JSON.stringify({ rate, options, results }));
});
const text = powerMarkdown(results);
await writeFile(`${values.out.replace(/\.json$/, '')}.md`, text);
console.log(text);
process.exitCode = failed === 0 ? 0 : 1;
