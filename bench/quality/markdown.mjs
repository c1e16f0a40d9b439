const number = (value) => (value === undefined ? '–' : value.toFixed(3));

/** Published columns that stand beside ours: the best means, and what calls itself a VAE. */
const shown = ['VAE', 'KNN', 'LOF', 'DTE-NP', 'DTE-C'];

/** The summary as Markdown tables: both means first, then the sets. */
export function markdown({ perSet, all, honest }) {
  const parts = [
    means(`All ${all.sets} sets`, all),
    means(`The ${honest.sets} sets with n ≥ 1000, where no row is drawn twice`, honest),
    sets('AUROC', perSet, 'auroc', shown),
    sets('Average precision', perSet, 'averagePrecision', []),
  ];
  return `${parts.join('\n\n')}\n`;
}

function means(title, { detectors, published }) {
  const columns = shown.filter((name) => published[name] !== undefined);
  const rows = Object.entries(detectors).map(([name, row]) => [
    name,
    row.sets,
    number(row.auroc),
    number(row.averagePrecision),
    row.rank === undefined ? '–' : row.rank.toFixed(1),
    ...columns.map((column) => `${row.wins?.[column]} / ${row.compared}`),
    row.trainSeconds.toFixed(1),
    row.scoreSeconds.toFixed(1),
  ]);
  const beside = columns.map((name) => `${name} ${number(published[name])}`).join(', ');
  return [
    `**${title}**`,
    table(
      [
        'detector',
        'sets',
        'AUROC',
        'AP',
        'rank of 27',
        ...columns.map((name) => `above ${name}`),
        's train',
        's score',
      ],
      rows,
    ),
    ...(beside === '' ? [] : [`Published means on these sets: ${beside}.`]),
  ].join('\n\n');
}

function sets(title, perSet, key, columns) {
  const names = [...new Set(perSet.flatMap(({ detectors }) => Object.keys(detectors)))];
  const rows = perSet.map(({ set, rows, features, detectors, published }) => [
    rows < 1000 ? `${set}*` : set,
    rows,
    features,
    ...names.map((name) => number(detectors[name]?.[key])),
    ...columns.map((name) => number(published?.[name])),
  ]);
  const heads = columns.map((name) => `published ${name}`);
  return [
    `**${title}, set by set** (* n < 1000: rows are drawn more than once, on both sides of the split)`,
    table(['set', 'n', 'd', ...names, ...heads], rows),
  ].join('\n\n');
}

/** A Markdown table; all but the first column to the right. */
export function table(heads, rows) {
  const line = (cells) => `| ${cells.join(' | ')} |`;
  const rule = heads.map((_, index) => (index === 0 ? '---' : '---:'));
  return [line(heads), line(rule), ...rows.map(line)].join('\n');
}
