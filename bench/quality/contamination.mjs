// The estimated share of anomalies among training rows against the true one: bootstrap samples of whole
// sets (the unsupervised protocol), and with --mixtures FILE normal rows of a table with 0, 1, 5
// and 10 % of its anomalies.
//
//   node bench/quality/contamination.mjs --data ../shared/data/tabular/adbench --out contamination.json
//   node bench/quality/contamination.mjs --mixtures ../shared/data/tabular/nsl_kdd_train_20_percent.parquet \
//     --label label --normal normal --ignore difficulty --out mixtures.json
import { writeFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { basename, extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { contaminationMarkdown } from './contamination-markdown.mjs';
import { runJobs } from './job-pool.mjs';
import { setFiles } from './set-files.mjs';

const shares = [0, 0.01, 0.05, 0.1];

const { values } = parseArgs({
  options: {
    data: { type: 'string' },
    sets: { type: 'string' },
    mixtures: { type: 'string' },
    label: { type: 'string', default: 'label' },
    normal: { type: 'string', default: 'normal' },
    ignore: { type: 'string', default: '' },
    rows: { type: 'string', default: '6000' },
    seeds: { type: 'string', default: '0,1,2' },
    out: { type: 'string', default: 'contamination.json' },
    jobs: { type: 'string', default: String(availableParallelism()) },
  },
});
if (values.data === undefined && values.mixtures === undefined) {
  throw new Error('expected --data FOLDER or --mixtures FILE');
}
const seeds = values.seeds.split(',').map(Number);
const sets = values.data === undefined ? [] : await setFiles(values.data, values.sets?.split(','));
const { mixtures: path } = values;
const table = {
  path,
  set: basename(path ?? '', extname(path ?? '')),
  labelColumn: values.label,
  normal: values.normal,
  ignore: values.ignore.split(',').filter(Boolean),
  rows: Number(values.rows),
};
const inputs = seeds.flatMap((seed) => [
  ...sets.map((set) => ({ ...set, seed })),
  ...(path === undefined ? [] : shares.map((share) => ({ ...table, share, seed }))),
]);

const results = [];
const child = fileURLToPath(new URL('contamination-child.mjs', import.meta.url));
const failed = await runJobs(child, inputs, Number(values.jobs), async (result) => {
  results.push(result);
  const { set, mixture, seed, truth, estimate } = result;
  console.error(
    `${set} ${mixture} seed ${seed}: true ${truth.toFixed(4)}, estimated ${estimate.toFixed(4)}`,
  );
  await writeFile(values.out, JSON.stringify({ results }, null, 1));
});
const text = contaminationMarkdown(results);
await writeFile(`${values.out.replace(/\.json$/, '')}.md`, `${text}\n`);
console.log(text);
process.exitCode = failed === 0 ? 0 : 1;
