import { table } from './markdown.mjs';
import { fewestHonestRows, mean } from './summary.mjs';

const titles = { shuffled: 'Shuffled halves', file: 'Halves in file order' };

/** Promised against observed rates, over the sets with n ≥ 1000 and set by set, for each order of rows. */
export function calibrationMarkdown(results, rates) {
  const honest = results.filter(({ rows }) => rows >= fewestHonestRows);
  const orders = [...new Set(honest.map(({ order }) => order))];
  return orders
    .map((order) => {
      const own = honest.filter((result) => result.order === order);
      return `**${titles[order]}**\n\n${overRates(own, rates)}\n\n${overSets(own, rates)}\n`;
    })
    .join('\n');
}

function pointsAt(own, rate) {
  return own.flatMap(({ points }) => points.filter(({ promised }) => promised === rate));
}

function overRates(own, rates) {
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

/** The mean over the seeds, and in brackets the bound of a single run. */
function overSets(own, rates) {
  const rows = [...new Set(own.map(({ set }) => set))].map((set) => {
    const runs = own.filter((result) => result.set === set);
    const cells = rates.map((rate) => {
      const points = pointsAt(runs, rate);
      if (points.length === 0) return '–';
      const bound = Math.max(...points.map((point) => point.bound));
      return `${mean(points.map(({ observed }) => observed)).toFixed(4)} (${bound.toFixed(4)})`;
    });
    return [set.replace(/^\d+_/, ''), runs[0].calibrationRows, runs[0].testRows, ...cells];
  });
  return table(['set', 'calibration rows', 'fresh rows', ...rates.map(String)], rows);
}
