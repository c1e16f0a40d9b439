import { publishedName } from './published.mjs';

/** Sets with fewer rows are resampled before the split, which puts copies of training rows into the test. */
export const fewestHonestRows = 1000;

export const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;

/**
 * Results of single runs → means over the seeds, set by set and over the sets.
 *
 * @param {object[]} results
 * @param {Map<string, Record<string, number>>} published
 */
export function summarise(results, published) {
  const sets = [...new Set(results.map(({ set }) => set))].sort(
    (a, b) => parseInt(a) - parseInt(b) || (a < b ? -1 : 1),
  );
  const detectors = [...new Set(results.map(({ detector }) => detector))];
  const perSet = sets.map((set) => {
    const columns = published.get(publishedName(set));
    const own = results.filter((result) => result.set === set);
    const cells = detectors.flatMap((detector) => {
      const runs = own.filter((result) => result.detector === detector && result.auroc !== null);
      if (runs.length === 0) return [];
      const of = (key) => mean(runs.map((run) => run[key]));
      const auroc = of('auroc');
      const cell = {
        seeds: runs.length,
        auroc,
        averagePrecision: of('averagePrecision'),
        trainSeconds: of('trainSeconds'),
        scoreSeconds: of('scoreSeconds'),
        ...(columns && { rank: rankAmong(auroc, Object.values(columns)) }),
      };
      return [[detector, cell]];
    });
    const { rows, columns: features } = own[0];
    return { set, rows, features, published: columns, detectors: Object.fromEntries(cells) };
  });
  const honest = perSet.filter(({ rows }) => rows >= fewestHonestRows);
  return {
    perSet,
    all: overall(perSet, detectors),
    honest: overall(honest, detectors),
  };
}

/** 1 is above all of them; a tie counts one half. */
function rankAmong(value, others) {
  const above = others.filter((other) => other > value).length;
  return 1 + above + others.filter((other) => other === value).length / 2;
}

function overall(sets, detectors) {
  const rowFor = (detector) => {
    const measured = sets.filter((set) => set.detectors[detector] !== undefined);
    if (measured.length === 0) return [];
    const of = (key) => mean(measured.map((set) => set.detectors[detector][key]));
    const compared = measured.filter((set) => set.published !== undefined);
    const names = Object.keys(compared[0]?.published ?? {});
    const row = {
      sets: measured.length,
      auroc: of('auroc'),
      averagePrecision: of('averagePrecision'),
      trainSeconds: of('trainSeconds'),
      scoreSeconds: of('scoreSeconds'),
      ...(compared.length > 0 && {
        rank: mean(compared.map((set) => set.detectors[detector].rank)),
        wins: Object.fromEntries(
          names.map((name) => [
            name,
            compared.filter((set) => set.detectors[detector].auroc > set.published[name]).length,
          ]),
        ),
        compared: compared.length,
      }),
    };
    return [[detector, row]];
  };
  const compared = sets.filter((set) => set.published !== undefined);
  const names = Object.keys(compared[0]?.published ?? {});
  return {
    sets: sets.length,
    detectors: Object.fromEntries(detectors.flatMap(rowFor)),
    published: Object.fromEntries(
      names.map((name) => [name, mean(compared.map((set) => set.published[name]))]),
    ),
  };
}
