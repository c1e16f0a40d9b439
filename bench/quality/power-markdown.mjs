import { anomalyKinds, rankCorrelation, shiftSizes } from '@unlikely/detect';
import { table } from './markdown.mjs';
import { fewestHonestRows, mean } from './summary.mjs';

/** How much the favourite of a test may be below the best and still count as well chosen. */
const within = 0.01;
const three = (value) => (value === null || Number.isNaN(value) ? '–' : value.toFixed(3));
const nameOf = ({ set, rows }) =>
  `${set.replace(/^\d+_/, '')}${rows < fewestHonestRows ? '*' : ''}`;

/** What a single run says: the detectors by the power test and by labels. */
function judge({ measured }, kinds = anomalyKinds) {
  const names = Object.keys(measured);
  const power = names.map((name) =>
    mean(
      kinds
        .filter((kind) => kind in measured[name].kinds)
        .map((kind) => measured[name].kinds[kind]),
    ),
  );
  const labelled = names.map((name) => measured[name].labelled);
  const favourite = power.indexOf(Math.max(...power));
  return {
    names,
    power,
    labelled,
    correlation: rankCorrelation(Float64Array.from(power), Float64Array.from(labelled)),
    favourite: names[favourite],
    chosen: labelled[favourite],
    best: Math.max(...labelled),
    blind: mean(labelled),
    ours: labelled[Math.max(0, names.indexOf('unlikely'))],
  };
}

/** Tables of the runs: agreement with labels, over the sets and set by set, and the explanations. */
export function powerMarkdown(results) {
  const honest = results.filter(({ rows }) => rows >= fewestHonestRows);
  return [
    agreement('All runs', results),
    agreement('Sets with n ≥ 1000', honest),
    byKind(honest.length > 0 ? honest : results),
    bySet(results),
    explanations(results),
  ].join('\n\n');
}

function agreement(title, results) {
  if (results.length === 0) return '';
  const judged = results.map((result) => judge(result));
  const of = (pick) => mean(judged.map(pick));
  const known = judged.map(({ correlation }) => correlation).filter((value) => value !== null);
  const pooled = (pick) => Float64Array.from(judged.flatMap(pick));
  const centred = (values) => values.map((value) => value - mean(values));
  const detectors = judged[0].names.map((name, index) => {
    const column = (pick) => Float64Array.from(judged, (each) => pick(each)[index]);
    return [
      name,
      three(mean(column(({ power }) => power))),
      three(mean(column(({ labelled }) => labelled))),
      three(
        rankCorrelation(
          column(({ power }) => power),
          column(({ labelled }) => labelled),
        ),
      ),
    ];
  });
  return [
    `**${title}** (${results.length})`,
    table(
      ['', ''],
      [
        ['rank correlation over the detectors of a set, mean', three(mean(known))],
        [
          'sets where it is above 0',
          `${known.filter((value) => value > 0).length} of ${known.length}`,
        ],
        [
          'rank correlation, all sets and detectors pooled',
          three(
            rankCorrelation(
              pooled(({ power }) => power),
              pooled(({ labelled }) => labelled),
            ),
          ),
        ],
        [
          'the same, less the mean of each set',
          three(
            rankCorrelation(
              pooled(({ power }) => centred(power)),
              pooled(({ labelled }) => centred(labelled)),
            ),
          ),
        ],
        [
          `favourite within ${within} of the best`,
          `${judged.filter(({ chosen, best }) => chosen >= best - within).length} of ${judged.length}`,
        ],
        ['labelled AUROC of the favourite, mean', three(of(({ chosen }) => chosen))],
        ['of the default always', three(of(({ ours }) => ours))],
        ['of a detector drawn at random', three(of(({ blind }) => blind))],
        ['of the best of each set', three(of(({ best }) => best))],
      ],
    ),
    table(
      ['detector', 'power test, AUROC', 'labels, AUROC', 'rank correlation over the sets'],
      detectors,
    ),
  ].join('\n\n');
}

function byKind(results) {
  const rows = anomalyKinds.flatMap((kind) => {
    const own = results.filter(({ measured }) => kind in Object.values(measured)[0].kinds);
    if (own.length === 0) return [];
    const judged = own.map((result) => judge(result, [kind]));
    const known = judged.map(({ correlation }) => correlation).filter((value) => value !== null);
    const near = judged.filter(({ chosen, best }) => chosen >= best - within).length;
    return [
      [
        kind,
        three(mean(known)),
        `${near} of ${own.length}`,
        three(mean(judged.map(({ chosen }) => chosen))),
      ],
    ];
  });
  return [
    '**Each kind alone**',
    table(
      ['kind', 'rank correlation, mean', `favourite within ${within}`, 'AUROC of the favourite'],
      rows,
    ),
  ].join('\n\n');
}

function bySet(results) {
  const rows = results
    .toSorted((a, b) => parseInt(a.set) - parseInt(b.set))
    .map((result) => {
      const { correlation, favourite, chosen, best, names, labelled } = judge(result);
      return [
        nameOf(result),
        three(correlation),
        favourite,
        three(chosen),
        names[labelled.indexOf(best)],
        three(best),
      ];
    });
  return [
    '**Set by set** (* n < 1000)',
    table(
      [
        'set',
        'rank correlation',
        'favourite of the power test',
        'its AUROC by labels',
        'best by labels',
        'its AUROC',
      ],
      rows,
    ),
  ].join('\n\n');
}

function explanations(results) {
  const all = results.flatMap(({ explained }) => explained);
  const line = (name, own) => [
    name,
    own.length,
    three(own.filter(([, first]) => first === 1).length / own.length),
  ];
  const sets = results
    .toSorted((a, b) => parseInt(a.set) - parseInt(b.set))
    .map((result) => line(nameOf(result), result.explained));
  return [
    '**Explanations that name the shifted column first**',
    table(
      ['shift', 'found rows', 'first'],
      [
        ...shiftSizes.map((size) =>
          line(
            `${size} deviations`,
            all.filter(([shift]) => shift === size),
          ),
        ),
        line('all', all),
      ],
    ),
    table(['set', 'found rows', 'first'], sets),
  ].join('\n\n');
}
