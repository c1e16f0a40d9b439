// False discovery rate of Benjamini–Hochberg on conformal p-values: half of the normal rows, shuffled,
// train and calibrate; the other half and all anomalies are the batch.
//
//   node bench/quality/discovery.mjs --data ../shared/data/tabular/adbench --out discovery.json
import { writeFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { discoveryMarkdown } from './discovery-markdown.mjs';
import { runJobs } from './job-pool.mjs';
import { setFiles } from './set-files.mjs';

const rates = [0.05, 0.1, 0.2];

const { values } = parseArgs({
  options: {
    data: { type: 'string' },
    sets: { type: 'string' },
    seeds: { type: 'string', default: '0,1,2' },
    out: { type: 'string', default: 'discovery.json' },
    jobs: { type: 'string', default: String(availableParallelism()) },
    options: { type: 'string', default: '{}' },
  },
});
if (values.data === undefined) throw new Error('expected --data FOLDER');
const options = JSON.parse(values.options);
const sets = await setFiles(values.data, values.sets?.split(','));
const inputs = values.seeds
  .split(',')
  .flatMap((seed) =>
    sets.map(({ set, path }) => ({ path, set, seed: Number(seed), rates, options })),
  );

const results = [];
const child = fileURLToPath(new URL('discovery-child.mjs', import.meta.url));
const failed = await runJobs(child, inputs, Number(values.jobs), async (result) => {
  results.push(result);
  const shares = result.points.map(
    ({ rate, whole }) => `${rate}: ${whole.proportion.toFixed(4)} of ${whole.flagged}`,
  );
  console.error(`${result.set} seed ${result.seed}: ${shares.join(', ')}`);
  await writeFile(values.out, JSON.stringify({ rates, options, results }, null, 1));
});
const text = discoveryMarkdown(results, rates);
await writeFile(`${values.out.replace(/\.json$/, '')}.md`, text);
console.log(text);
process.exitCode = failed === 0 ? 0 : 1;
