// Detection quality: sets × detectors × seeds by the published protocol.
//
//   node bench/quality/run.mjs --data ../shared/data/tabular/adbench \
//     --published ../shared/data/published/dte_semi_AUCROC.csv --out quality.json
//
// Sets are Parquet or CSV files with a column `label`, 1 = anomaly. Every column is taken for a number;
// with `--kinds inferred` ours looks at the columns, as `unlikely train` does. Runs that are in the file
// already are not repeated; tables show the sets, detectors and seeds asked for. Beside FILE.json come
// FILE.md and FILE.svg.
import { readFile, rename, writeFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { version } from '@unlikely/detect';
import { runJobs } from './job-pool.mjs';
import { markdown } from './markdown.mjs';
import { plot } from './plot.mjs';
import { readPublished } from './published.mjs';
import { setFiles } from './set-files.mjs';
import { summarise } from './summary.mjs';

const { values } = parseArgs({
  options: {
    data: { type: 'string' },
    sets: { type: 'string' },
    protocol: { type: 'string', default: 'semi' },
    detectors: {
      type: 'string',
      default: 'unlikely,l2-norm,nearest-neighbours,local-outlier-factor,isolation-forest',
    },
    seeds: { type: 'string', default: '0,1,2' },
    out: { type: 'string', default: 'quality.json' },
    jobs: { type: 'string', default: String(availableParallelism()) },
    options: { type: 'string', default: '{}' },
    kinds: { type: 'string', default: 'numeric' },
    published: { type: 'string' },
  },
});
if (values.data === undefined) throw new Error('expected --data FOLDER');
if (!['semi', 'unsupervised'].includes(values.protocol)) {
  throw new Error(`expected --protocol semi or unsupervised, got ${values.protocol}`);
}
if (!['numeric', 'inferred'].includes(values.kinds)) {
  throw new Error(`expected --kinds numeric or inferred, got ${values.kinds}`);
}
const { protocol, kinds } = values;
const options = JSON.parse(values.options);
const detectors = values.detectors.split(',');
const seeds = values.seeds.split(',').map(Number);
const sets = await setFiles(values.data, values.sets?.split(','));
const published = await readPublished(values.published);

const conditions = { protocol, kinds, options, version };
const { results, ...before } = await earlier(values.out);
for (const [name, value] of Object.entries(conditions)) {
  if (results.length > 0 && JSON.stringify(before[name]) !== JSON.stringify(value)) {
    throw new Error(`${values.out} holds runs with another ${name}; choose another --out`);
  }
}

const keyOf = ({ set, detector, seed }) => `${set} ${detector} ${seed}`;
const finished = new Set(results.map(keyOf));
const inputs = seeds.flatMap((seed) =>
  sets.flatMap(({ set, path }) => {
    const missing = detectors.filter((detector) => !finished.has(keyOf({ set, detector, seed })));
    if (missing.length === 0) return [];
    return [{ path, set, seed, protocol, kinds, detectors: missing, options }];
  }),
);

const child = fileURLToPath(new URL('measure-child.mjs', import.meta.url));
let writing = Promise.resolve();
const failed = await runJobs(child, inputs, Number(values.jobs), (result) => {
  results.push(result);
  const { set, detector, seed, auroc, trainSeconds, scoreSeconds } = result;
  console.error(
    `${set} ${detector} seed ${seed}: AUROC ${auroc?.toFixed(4)}, ${trainSeconds.toFixed(1)} + ${scoreSeconds.toFixed(1)} s`,
  );
  writing = writing.then(save);
  return writing;
});
const summary = await save();
const text = markdown(summary);
await writeFile(beside('.md'), text);
await writeFile(beside('.svg'), plot(summary));
console.log(text);
process.exitCode = failed === 0 ? 0 : 1;

/** Tables are about what was asked for; the file keeps all runs. */
async function save() {
  const asked = results.filter(
    ({ set, detector, seed }) =>
      sets.some((one) => one.set === set) && detectors.includes(detector) && seeds.includes(seed),
  );
  const order = (result) => detectors.indexOf(result.detector);
  const summary = summarise(
    asked.toSorted((a, b) => order(a) - order(b)),
    published,
  );
  await writeFile(
    `${values.out}.part`,
    JSON.stringify({ ...conditions, results, summary }, null, 1),
  );
  await rename(`${values.out}.part`, values.out);
  return summary;
}

async function earlier(path) {
  try {
    return JSON.parse(await readFile(path, 'utf8'));
  } catch (error) {
    if (error.code === 'ENOENT') return { results: [] };
    throw error;
  }
}

function beside(extension) {
  return values.out.replace(/\.json$/, '') + extension;
}
