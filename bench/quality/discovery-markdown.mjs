import { table } from './markdown.mjs';
import { fewestHonestRows, mean } from './summary.mjs';

const kinds = { whole: 'whole test set', small: '90 normal rows and 10 anomalies' };

/** Promised against observed false discovery rates over the sets with n ≥ 1000, and set by set. */
export function discoveryMarkdown(results, rates) {
  const honest = results.filter(({ rows }) => rows >= fewestHonestRows);
  return `${overRates(honest, rates)}\n\n${overSets(honest, rates)}\n`;
}

const pointAt = (result, rate) => result.points.find((point) => point.rate === rate);
const share = (values) => mean(values).toFixed(3);

/** The mean of one batch's figure over the batches of a run: runs are what is independent. */
function perRun(results, rate, kind, figure) {
  return results.map((result) => mean([pointAt(result, rate)[kind]].flat().map(figure)));
}

function overRates(results, rates) {
  const rows = Object.entries(kinds).flatMap(([kind, words]) =>
    rates.map((rate) => {
      const proportions = perRun(results, rate, kind, ({ proportion }) => proportion);
      const variance = mean(proportions.map((value) => (value - mean(proportions)) ** 2));
      return [
        words,
        rate,
        results.length,
        `${share(proportions)} ± ${Math.sqrt(variance / results.length).toFixed(3)}`,
        Math.max(...proportions).toFixed(3),
        share(perRun(results, rate, kind, ({ power }) => power)),
        share(perRun(results, rate, `${kind}Null`, ({ flagged }) => Number(flagged > 0))),
      ];
    }),
  );
  return table(
    [
      'batch',
      'promised',
      'runs',
      'mean false discovery proportion',
      'largest run',
      'found',
      'any discovery among normal rows alone',
    ],
    rows,
  );
}

/** Mean false discovery proportion and share found of the whole test set, over the seeds. */
function overSets(results, rates) {
  const rows = [...new Set(results.map(({ set }) => set))].map((set) => {
    const own = results.filter((result) => result.set === set);
    const cells = rates.map((rate) => {
      const points = own.map((result) => pointAt(result, rate).whole);
      return `${share(points.map(({ proportion }) => proportion))} / ${share(points.map(({ power }) => power))}`;
    });
    const [{ calibrationRows, normals, anomalies }] = own;
    return [set.replace(/^\d+_/, ''), calibrationRows, normals, anomalies, ...cells];
  });
  return table(['set', 'calibration rows', 'normal', 'anomalies', ...rates.map(String)], rows);
}
