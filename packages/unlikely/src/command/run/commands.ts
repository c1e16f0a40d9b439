/** The commands, as the help lists them: what all kinds of input have in common. */
export const commands = {
  train: {
    description: 'learn what normal rows or images look like',
    arguments: ['INPUT'],
    flags: {
      output: { says: 'where the model goes', default: 'model.onnx' },
      label: { says: 'train on the rows that this column calls normal, and hold it out' },
      normal: {},
      testShare: {},
      storedRows: {},
      seed: { isParameter: true },
      steps: { isParameter: true },
      config: {},
      checkpoint: {},
      resume: {},
      threads: {},
      failOn: { choices: ['health'] },
      json: {},
    },
  },
  score: {
    description: 'say of every row or image how unlikely it is',
    arguments: ['MODEL', 'INPUT'],
    flags: {
      output: {
        says: 'a .csv, .tsv, .parquet, .json or .ndjson file; - is standard output',
        default: '-',
      },
      fpr: { excludes: ['fdr', 'alerts', 'threshold'] },
      fdr: { excludes: ['fpr', 'alerts', 'threshold'] },
      alerts: { excludes: ['fpr', 'fdr', 'threshold'] },
      threshold: { excludes: ['fpr', 'fdr', 'alerts'] },
      keep: {},
      threads: {},
      json: {},
    },
  },
  drift: {
    description:
      'say which columns have moved since the training, and whether the thresholds still hold',
    arguments: ['MODEL', 'INPUT'],
    flags: {
      fpr: {},
      threads: {},
      json: {},
      failOn: { choices: ['drift'], says: 'exit with 4 where rows have moved' },
    },
  },
  evaluate: {
    description: 'measure the model on rows whose label is known',
    arguments: ['MODEL', 'INPUT'],
    flags: {
      label: {
        says: 'the column that says which rows are anomalies; of images, the folder does',
      },
      normal: {},
      fpr: {},
      reference: {},
      report: {},
      baselines: {},
      allRows: {},
      threads: {},
      json: {},
    },
  },
  explain: {
    description: 'say why rows are unlikely',
    arguments: ['MODEL', 'INPUT'],
    flags: {
      rows: {
        says: 'row numbers, counted from 0, separated by commas',
        required: true,
        former: '--row',
      },
      top: { default: 8 },
      threads: {},
      json: {},
    },
  },
  inspect: {
    description: 'show what a model file holds',
    arguments: ['MODEL'],
    flags: { json: {} },
  },
  report: {
    description: 'score a table or images into one self-contained HTML page',
    arguments: ['MODEL', 'INPUT'],
    flags: {
      output: { says: 'where the page goes', default: 'report.html' },
      label: {},
      normal: {},
      allRows: {},
      fpr: {},
      threads: {},
      json: {},
    },
  },
  generate: {
    description: 'make new rows or images such as the model holds for likely',
    group: 'making',
    arguments: ['MODEL'],
    flags: {
      output: { default: '-', file: 'picture' },
      count: { default: 10 },
      seed: { says: 'same seed: same rows', default: 1 },
      codesFrom: { default: 'posterior', former: '--from' },
      threads: {},
      json: {},
    },
    examples: [
      'unlikely generate model.onnx --count 1000 -o made.csv',
      'unlikely generate photos.onnx --count 64 -o made.png',
    ],
  },
  reconstruct: {
    description: 'say what the model expects in the place of each row or image',
    group: 'making',
    arguments: ['MODEL', 'INPUT'],
    flags: {
      output: { default: '-', file: 'picture' },
      difference: {},
      threads: {},
      json: {},
    },
    examples: [
      'unlikely reconstruct model.onnx new.csv --interval --keep id -o expected.csv',
      'unlikely reconstruct photos.onnx new --rows 0,5,9 -o expected.png',
    ],
  },
  denoise: {
    description:
      'fill in missing cells and replace implausible ones by what the model expects; images as a whole',
    group: 'making',
    arguments: ['MODEL', 'INPUT'],
    flags: {
      output: { default: '-', file: 'picture' },
      threads: {},
      json: {},
    },
    examples: [
      'unlikely denoise model.onnx gaps.csv -o whole.csv',
      'unlikely denoise photos.onnx noisy -o clean/',
    ],
  },
  encode: {
    description: 'write the latent code of every row or image',
    group: 'making',
    arguments: ['MODEL', 'INPUT'],
    flags: {
      output: {
        says: 'a .csv, .tsv, .parquet, .json or .ndjson file; - is standard output',
        default: '-',
      },
      keep: {},
      threads: {},
      json: {},
    },
    examples: ['unlikely encode model.onnx new.csv --keep id -o codes.csv'],
  },
  decode: {
    description: 'make the rows or images that codes stand for',
    group: 'making',
    arguments: ['MODEL', 'CODES'],
    flags: {
      output: { default: '-', file: 'picture' },
      threads: {},
      json: {},
    },
    examples: ['unlikely decode model.onnx codes.csv -o rows.csv'],
  },
  interpolate: {
    description: 'walk from one row or image to another through the codes between them',
    group: 'making',
    arguments: ['MODEL', 'INPUT'],
    flags: {
      between: { required: true, former: '--rows' },
      points: { default: 8, former: '--steps' },
      path: { default: 'linear' },
      output: { default: '-', file: 'picture' },
      threads: {},
      json: {},
    },
    examples: ['unlikely interpolate model.onnx new.csv --between 0,17'],
  },
  traverse: {
    description: 'show what each latent unit does to a row or an image',
    group: 'making',
    arguments: ['MODEL', '[INPUT]'],
    flags: {
      row: { when: { input: [] } },
      units: {},
      range: { default: 3 },
      points: { says: 'values of each unit', default: 7, former: '--steps' },
      output: { default: '-', file: 'picture' },
      threads: {},
      json: {},
    },
    examples: [
      'unlikely traverse model.onnx --units 0,1',
      'unlikely traverse model.onnx new.csv --row 17 -o traversal.csv',
    ],
  },
  attribute: {
    description: 'keep the direction of a trait in the model, for `unlikely transfer`',
    group: 'making',
    arguments: ['MODEL', 'INPUT'],
    flags: {
      name: { required: true },
      with: { required: true },
      without: {},
      output: { says: 'where the model goes (default: MODEL itself)' },
      threads: {},
      json: {},
    },
    examples: ['unlikely attribute model.onnx new.csv --name udp --with "protocol=udp"'],
  },
  transfer: {
    description: 'give rows or images a trait: add an attribute of the model to their codes',
    group: 'making',
    arguments: ['MODEL', 'INPUT'],
    flags: {
      attribute: { required: true },
      amount: { default: [1] },
      output: { default: '-', file: 'picture' },
      threads: {},
      json: {},
    },
    examples: [
      'unlikely transfer model.onnx new.csv --attribute udp --amount 1.5 -o moved.csv',
      'unlikely transfer photos.onnx new --attribute smile --amount=-1,0,1 --rows 0,5 -o smiles.png',
    ],
  },
  plot: {
    description: 'draw a model or its view of a table or of images, as SVG or PNG',
    group: 'making',
    arguments: ['MODEL', '[INPUT]'],
    flags: {
      picture: { required: true, former: '--kind' },
      output: { says: 'an .svg or .png file; - is SVG on standard output', required: true },
      label: {
        says: 'latent, histogram: tell the values of this column apart',
        when: { picture: ['latent', 'histogram'] },
      },
      layout: {
        says: 'latent: main directions (PCA) or neighbourhoods (UMAP) (default: pca)',
        when: { picture: ['latent'] },
      },
      seed: {
        says: 'latent with umap: same seed, same map (default: 1)',
        when: { picture: ['latent'], layout: ['umap'] },
      },
      error: {
        says: 'histogram: of the squared error of the reconstruction, not of the score',
        when: { picture: ['histogram'] },
      },
      threads: {},
      json: {},
    },
    examples: [
      'unlikely plot model.onnx --picture loss -o loss.svg',
      'unlikely plot model.onnx new.csv --picture latent --label attack -o map.png',
    ],
  },
  demo: {
    description: 'train and score real network connections, in a minute',
    arguments: [],
    flags: {
      output: {
        says: 'the folder where the model and the report go',
        default: 'unlikely-demo',
        file: 'folder',
      },
      json: {},
    },
  },
  doctor: {
    description: 'check that this machine computes right, and how fast',
    arguments: [],
    flags: { json: {} },
  },
} as const;
