/**
 * Made-up but plausible data of a report: 2,000 connections, 37 of them flagged, with and without
 * labels. Nothing here was computed by a model.
 */
import { defaultConfiguration, tableWords } from '@unlikely/detect';
import type { AnomalyKind, KindPower, PowerTest } from '@unlikely/detect';
import { RandomStream } from '@unlikely/graph';
import type {
  LatentPoint,
  ReportAnomaly,
  ReportConfusion,
  ReportData,
  ReportEvaluation,
} from '../src/report-data.ts';

const rows = 2000;
const anomalous = 60;
const threshold = -4.2;

export function reportFixture(
  options: { labels?: boolean; points?: number; hostile?: string } = {},
): ReportData {
  const { labels = true, points = 3000, hostile } = options;
  const random = new RandomStream(7, 'report');
  const truth = Uint8Array.from({ length: rows }, (_, row) => Number(row % 33 === 5 && row < 1980));
  const scores = Float64Array.from(truth, (label) =>
    label === 1 ? 25 + 45 * random.normal() : -38 + 11 * random.normal() + 3 * random.normal() ** 2,
  );
  const order = [...scores.keys()].sort((a, b) => scores[b]! - scores[a]!);
  const flagged = scores.filter((score) => score > threshold).length;
  const record = (row: number): Record<string, unknown> => ({
    duration: row % 3 === 0 ? 0 : 5057,
    protocol_type: 'tcp',
    service: ['http', 'smtp', 'ftp_data', 'private'][row % 4],
    flag: 'SF',
    src_bytes: 54540,
    dst_bytes: 8314n,
    logged_in: true,
    hot: 2,
    num_failed_logins: null,
    note: hostile ?? 'a plain remark',
    [hostile ?? 'serror_rate']: 0.25,
    measured_at: new Date(Date.UTC(2024, 1, 29)),
    payload: Uint8Array.of(1, 2, 3),
  });
  const anomalies = order.slice(0, 20).map((row, rank): ReportAnomaly => {
    const latent = 2.5 + random.normal();
    const names = ['src_bytes', 'hot', 'service', 'duration', 'dst_host_srv_count', 'count'];
    const shares = [0.58, 0.2, 0.14, 0.09, 0.06, 0.03].map(
      (share) => share * (1 + 0.2 * random.normal()),
    );
    const total = scores[row]! - latent + 46;
    const features = names.map((name, place) => {
      const category = name === 'service';
      const value = category ? 'ftp_data' : Math.round(54540 / (place + 1) ** 3) + rank;
      const expected = category ? 'http' : 215;
      return {
        field: place === 0 && hostile !== undefined ? hostile : name,
        column: name,
        value,
        expected,
        lower: category ? null : 120,
        upper: category ? null : 380,
        words: {
          value: place === 1 && hostile !== undefined ? hostile : String(value),
          expected: String(expected),
          lower: category ? null : '120',
          upper: category ? null : '380',
        },
        contribution: total * shares[place]!,
        sentence: category
          ? `service was ftp_data, expected http`
          : `${place === 0 && hostile !== undefined ? hostile : name} was ${value}, expected ${expected} (between 120 and 380)`,
      };
    });
    const sum = features.reduce((total, { contribution }) => total + contribution, 0);
    const rest = Array.from({ length: 35 }, (_, index) => ({
      field: `feature_${index}`,
      column: `feature_${index}`,
      value: 0,
      expected: 0,
      lower: -0.02,
      upper: 0.03,
      words: { value: '0', expected: '0', lower: '-0.02', upper: '0.03' },
      contribution: (scores[row]! - latent - 0.5 - sum) / 35,
      sentence: `feature_${index} was 0, expected 0 (between -0.02 and 0.03)`,
    }));
    return {
      row,
      score: scores[row]!,
      standardError: 0.3 + 0.1 * random.uniform(),
      pValue: (rank + 1) / 4001,
      ...(labels && { isAnomaly: truth[row] === 1 }),
      latent,
      usual: 0.5,
      features: [...features, ...rest].sort((a, b) => b.contribution - a.contribution),
      record: record(row),
    };
  });
  const latentMap = Array.from({ length: points }, (_, index): LatentPoint => {
    const row = index % rows;
    const cluster = row % 3;
    const far = truth[row] === 1 ? 3 : 1;
    return {
      x: [-2, 1.5, 0.4][cluster]! + far * 0.6 * random.normal(),
      y: [0.3, 1.8, -1.6][cluster]! + far * 0.45 * random.normal(),
      score: scores[row]!,
      ...(labels && { isAnomaly: truth[row] === 1 }),
    };
  });
  const evaluation: ReportEvaluation = {
    rows,
    anomalies: anomalous,
    anomalyShare: anomalous / rows,
    metrics: {
      auroc: 0.953,
      averagePrecision: 0.811,
      atThreshold: confusionAt(scores, truth, threshold),
      best: confusionAt(scores, truth, 2),
    },
    baselines: [
      { name: 'L2 norm of the standardised row', auroc: 0.917, averagePrecision: 0.602, rows },
      { name: 'principal components', auroc: 0.931, averagePrecision: 0.664, rows },
      { name: 'isolation forest', auroc: 0.942, averagePrecision: 0.713, rows },
      { name: 'nearest neighbours', auroc: 0.948, averagePrecision: 0.77, rows: 1000 },
      { name: 'random', auroc: 0.5, averagePrecision: 0.03, rows },
    ],
    byValue: [
      { value: 'normal', rows: 1940, flagged: 19, auroc: null },
      { value: hostile ?? 'neptune', rows: 40, flagged: 38, auroc: 0.991 },
      { value: 'guess_passwd', rows: 20, flagged: 8, auroc: 0.876 },
    ],
    calibration: [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5].map((promised) => ({
      promised,
      observed: Math.round(promised * 1940 * 0.95) / 1940,
      bound: promised + 2.33 * Math.sqrt((promised * (1 - promised)) / 1940) + 0.001,
    })),
    roc: Array.from({ length: 101 }, (_, index) => ({ x: index / 100, y: (index / 100) ** 0.05 })),
    precisionRecall: Array.from({ length: 101 }, (_, index) => ({
      x: index / 100,
      y: 1 - 0.97 * (index / 100) ** 6,
    })),
    scores,
    labels: truth,
  };
  const steps = Array.from({ length: 1500 }, (_, step) => step + 1);
  const fall = (step: number): number =>
    60 * Math.exp(-step / 40) + 20 * Math.exp(-step / 400) - 42;
  const kl = (step: number): number => 9 * (1 - Math.exp(-step / 60)) - 3 * Math.min(1, step / 450);
  const reconstruction = steps.map((step) => fall(step) + 1.5 * random.normal());
  const penalties = steps.map((step) => kl(step) + 0.3 * random.normal());
  return {
    source: hostile ?? 'connections.csv',
    words: tableWords,
    model: {
      version: '0.1.0',
      schema: {
        rows: 25192,
        fields: [],
        columns: Array.from({ length: 41 }, (_, index) => ({
          name:
            index === 0 && hostile !== undefined
              ? hostile
              : index === 3
                ? 'service'
                : `feature_${index}`,
          storageType: index === 3 ? 'VARCHAR' : 'DOUBLE',
          kind: index === 3 ? 'categorical' : index === 7 ? 'ignored' : 'numeric',
          reason:
            index === 3
              ? '66 different texts in 20,000 rows'
              : index === 7
                ? 'the same value in each row'
                : 'numbers, 4,211 different ones',
          missing: index === 8 ? 0.031 : 0,
          distinct: index === 7 ? 1 : 66 * (index + 1),
        })),
      },
      configuration: defaultConfiguration,
      ...(labels && { label: { column: 'attack', normal: ['normal'] } }),
      rows: { read: 25192, trained: 12104, calibration: 1345 },
      history: {
        step: steps,
        loss: reconstruction.map((value, step) => value + penalties[step]!),
        reconstruction,
        kl: penalties,
        learningRate: steps.map(() => 0.005),
        klPerUnit: [0.9, 1.4, 0.02, 1.1, 0.7, 0, 1.2, 0.66],
        activeUnits: 6,
      },
      health: {
        verdict: 'good',
        findings: [
          '6 of 8 latent units carry information.',
          'The network beats every simple method on its own training data by 4.1 nats a row.',
        ],
        activeUnits: 6,
        atFloor: 0,
        atCap: 0.1,
        distinctScores: 1,
        gap: 0.1,
        power: powerFixture,
      },
      fingerprint: '9f2c0e41d0b7a6c3',
    },
    scored: { rows, flagged, threshold, falsePositiveRate: 0.01, scores },
    anomalies,
    latentMap,
    ...(labels && { evaluation }),
  };
}

const powerFixture: PowerTest = {
  falsePositiveRate: 0.01,
  heldOutRows: 1000,
  kinds: [
    kindFixture('local', 0.41, 0.92),
    kindFixture('shift', 0.38, 0.9),
    kindFixture('category', 0.77, 0.97),
  ],
  fields: [
    { field: 'src_bytes', found: [0, 0.125, 0.5, 0.75, 1] },
    { field: 'feature_9', found: [0, 0, 0, 0, 0.1] },
    { field: 'service', found: [0.62] },
  ],
  auroc: 0.93,
  baselines: [
    { name: 'l2-norm', auroc: 0.81 },
    { name: 'nearest-neighbours', auroc: 0.91 },
  ],
  explained: 0.95,
};

function kindFixture(kind: AnomalyKind, found: number, auroc: number): KindPower {
  const baselines = [
    { name: 'l2-norm', auroc: auroc - 0.12 },
    { name: 'nearest-neighbours', auroc: auroc + 0.01 },
  ] as const;
  return { kind, rows: 250, found, auroc, baselines };
}

function confusionAt(scores: Float64Array, labels: Uint8Array, threshold: number): ReportConfusion {
  const count = (label: number, flagged: boolean): number =>
    labels.filter((value, row) => value === label && scores[row]! > threshold === flagged).length;
  const [truePositives, falsePositives] = [count(1, true), count(0, true)];
  const [trueNegatives, falseNegatives] = [count(0, false), count(1, false)];
  const precision = truePositives / (truePositives + falsePositives);
  const recall = truePositives / (truePositives + falseNegatives);
  const f1 = (2 * precision * recall) / (precision + recall);
  return {
    threshold,
    truePositives,
    falsePositives,
    trueNegatives,
    falseNegatives,
    precision,
    recall,
    f1,
  };
}
