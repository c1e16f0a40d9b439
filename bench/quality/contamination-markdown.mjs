import { rankCorrelation } from '@unlikely/detect';
import { table } from './markdown.mjs';
import { mean } from './summary.mjs';

const percent = (share) => `${(100 * share).toFixed(1)} %`;

/** Estimated against true shares: over all sets as they are, set by set, and for the mixtures. */
export function contaminationMarkdown(results) {
  const natural = results.filter(({ mixture }) => mixture === 'as it is');
  const mixed = results.filter(({ mixture }) => mixture !== 'as it is');
  return [overSets(natural), bySet(natural), overMixtures(mixed)].filter(Boolean).join('\n\n');
}

function errors(own) {
  const misses = own.map(({ estimate, truth }) => estimate - truth);
  return [
    own.length,
    percent(mean(misses.map(Math.abs))),
    percent(mean(misses)),
    own.filter(({ truth, lower, upper }) => truth >= lower && truth <= upper).length,
  ];
}

const columns = ['runs', 'mean absolute error', 'bias', 'truth within the interval'];

function overSets(natural) {
  if (natural.length === 0) return '';
  const groups = [
    ['all', natural],
    ['AUROC ≥ 0.9', natural.filter(({ auroc }) => auroc >= 0.9)],
    ['AUROC < 0.9', natural.filter(({ auroc }) => auroc < 0.9)],
  ].filter(([, own]) => own.length > 2);
  const rows = groups.map(([name, own]) => {
    const [estimates, truths] = ['estimate', 'truth'].map((key) =>
      Float64Array.from(own, (result) => result[key]),
    );
    return [name, ...errors(own), rankCorrelation(estimates, truths)?.toFixed(2) ?? '–'];
  });
  return table(['sets as they are', ...columns, 'rank correlation'], rows);
}

function bySet(natural) {
  if (natural.length === 0) return '';
  const rows = [...new Set(natural.map(({ set }) => set))].map((set) => {
    const own = natural.filter((result) => result.set === set);
    const of = (key) => mean(own.map((result) => result[key]));
    return [
      set.replace(/^\d+_/, ''),
      percent(of('truth')),
      percent(of('estimate')),
      `${percent(of('lower'))} to ${percent(of('upper'))}`,
      of('auroc').toFixed(3),
      of('named').toFixed(1),
    ];
  });
  return table(['set', 'true', 'estimated', 'interval', 'AUROC', 'of 20 suspects anomalies'], rows);
}

function overMixtures(mixed) {
  if (mixed.length === 0) return '';
  const keys = [...new Set(mixed.map(({ set, mixture }) => `${set} ${mixture}`))];
  const rows = keys.map((key) => {
    const own = mixed.filter(({ set, mixture }) => `${set} ${mixture}` === key);
    const of = (name) => mean(own.map((result) => result[name]));
    const { set, mixture } = own[0];
    return [
      set.replace(/^\d+_/, ''),
      percent(mixture),
      percent(of('estimate')),
      `${percent(of('lower'))} to ${percent(of('upper'))}`,
      own[0].auroc === null ? '–' : of('auroc').toFixed(3),
      of('named').toFixed(1),
      ...own[0].flagged.map((_, at) => {
        const share = (key) => percent(mean(own.map(({ flagged }) => flagged[at][key])));
        return `${share('normal')} / ${share('anomalies')}`;
      }),
    ];
  });
  return table(
    [
      'mixture',
      'true',
      'estimated',
      'interval',
      'AUROC',
      'of 20 suspects anomalies',
      ...mixed[0].flagged.map(({ rate }) => `flagged at ${rate}: normal / anomalies`),
    ],
    rows,
  );
}
