import type { Schema } from '@unlikely/data/source';
import { RandomStream } from '@unlikely/graph';
import type { Runtime } from '@unlikely/runtime';
import { encodeDoubles } from '../../bytes/base64.ts';
import { bytesOf, sha256 } from '../../bytes/checksum.ts';
import { formatVersion } from '../../artifact/manifest.ts';
import type { Manifest } from './manifest.ts';
import type { ModelFile } from './model.ts';
import { checkProbability } from '../../calibrate/check-input.ts';
import { fitFeatures } from './column/feature.ts';
import type { EncodedRows } from './column/feature.ts';
import type { Configuration } from './configuration.ts';
import { storedPosterior } from '../../latent/stored-posterior.ts';
import { healthOf } from './health.ts';
import { knownRowsOf, saltOf } from '../../known/known-rows.ts';
import type { KnownRows } from '../../known/known-rows.ts';
import { rowHashes } from '../../known/row-hashes.ts';
import { modelCore } from './core.ts';
import type { ModelCore } from './core.ts';
import type { Platform } from '../../platform.ts';
import { modelPower } from './power/model-power.ts';
import { encodingProgram } from './encode/encoding-program.ts';
import { needsCodes, weighsEvidence } from './score-kind.ts';
import { pickCodes } from './score/pick-codes.ts';
import type { Codes, StoredCodes } from '../../score/aggregate-posterior.ts';
import { tableBlockRows } from '../../score/block-rows.ts';
import { Blocks } from '../../score/blocks.ts';
import type { ScoringOutputs } from './score/scoring-program.ts';
import { boundOf, scoreRows } from './score/score-rows.ts';
import { fastForm } from './score/trained-networks.ts';
import type { TrainedNetworks } from './score/trained-networks.ts';
import { version } from '../../version.ts';
import { orderedCalibration } from './train/ordered-calibration.ts';
import { chooseReferenceRows, lowest } from './train/choose-reference-rows.ts';
import { splitRows } from './train/choose-rows.ts';
import { historyOf } from '../../train/history-of.ts';
import { measureEvidence } from './train/measure-evidence.ts';
import { meanContributions, withNeutral } from './score/neutral.ts';
import { runTraining } from '../../train/run-training.ts';
import type { RunOptions } from '../../train/run-training.ts';
import { tablePlan } from './train/plan.ts';

export interface FitOptions extends RunOptions {
  readonly configuration: Configuration;
  /** Of the power test, default 0.01. */
  readonly falsePositiveRate?: number;
}

export interface FitInput {
  readonly schema: Schema;
  /** Normal rows, encoded by the schema. */
  readonly rows: EncodedRows;
  readonly label?: { readonly column: string; readonly normal: readonly string[] };
  /** A trained model whose features and weights are the start. */
  readonly start?: ModelFile;
  /** Normal rows in the source, of which `rows` may be a sample. */
  readonly rowsRead: number;
  readonly platform: Platform;
  readonly options: FitOptions;
}

/** Rows that health, neutral contributions and codes are measured on; more where more codes are wanted. */
const referenceRows = 2000;

/** From encoded normal rows to a calibrated model. */
export async function fitModel(input: FitInput): Promise<ModelFile> {
  const { schema, platform, options } = input;
  const { configuration, onEvent, falsePositiveRate = 0.01 } = options;
  checkProbability(falsePositiveRate, 'false-positive rate');
  const { fields } = schema;
  const { training, calibration } = splitRows(
    input.rows,
    fields.length,
    configuration.calibrationShare,
    configuration.seed,
  );
  const features = input.start?.manifest.features ?? fitFeatures(fields, training, configuration);
  const core = modelCore(fields, features, configuration);
  const fingerprint = await sha256(bytesOf(training.data));

  onEvent?.({ kind: 'phase', phase: 'training' });
  const theta = input.start?.networks.theta;
  const kinds = fields.map(({ kind }) => kind);
  const state = await runTraining({
    plan: tablePlan(core, training, calibration),
    identity: [fingerprint, configuration, kinds, features],
    ...(theta === undefined ? {} : { theta }),
    options,
    platform,
  });

  onEvent?.({ kind: 'phase', phase: 'codes' });
  await using runtime = await platform.scoringRuntime();
  const stream = new RandomStream(configuration.seed, 'reference');
  const wanted = Math.max(
    referenceRows,
    ...(needsCodes[configuration.score] ? [configuration.codes] : []),
    ...(weighsEvidence(configuration.score) ? [configuration.storedRows] : []),
  );
  const reference = await chooseReferenceRows(training, {
    width: fields.length,
    count: wanted,
    share: configuration.referenceShare,
    stream,
    score: (rows) => boundOf(core, state.theta, rows, runtime),
  });
  const codes = await encodeRows(core, state.theta, reference, runtime);
  const networks: TrainedNetworks = {
    core,
    theta: state.theta,
    storedCodes: storedCodes(core, codes, reference.rows),
    evidence: weighsEvidence(configuration.score)
      ? await measureEvidence(core, state.theta, training, reference, codes, runtime)
      : undefined,
  };

  onEvent?.({ kind: 'phase', phase: 'calibrating' });
  const blank = new Float32Array(fields.length);
  const measured = await scoreRows(networks, blank, reference, runtime, [
    'score',
    'contribution',
    'lower',
    'upper',
  ]);
  // The combined score knows what is usual by itself.
  const neutral =
    networks.evidence === undefined ? meanContributions(measured.contribution, reference) : blank;
  const full = await scoreRows(networks, neutral, calibration, runtime, ['score']);
  const fast = await scoreRows(fastForm(networks), neutral, calibration, runtime, ['score']);
  const held = { networks, neutral, training, reference, codes, calibration };
  const ordered = await orderedCalibration(held, { full: full.score, fast: fast.score }, runtime);

  onEvent?.({ kind: 'phase', phase: 'health' });
  // A stored row is its own nearest row: what was learnt by heart shows in the bound alone.
  const bound = (rows: EncodedRows): Promise<Float64Array> =>
    boundOf(core, state.theta, rows, runtime);
  const isCombined = networks.evidence !== undefined;
  const trainingScores = isCombined
    ? await bound(reference)
    : withNeutral(measured.score, neutral, reference);
  const unseenScores = isCombined ? await bound(calibration) : full.score;
  const history = historyOf(core, state, codes, reference.rows);
  const scores = full.score;
  const power = await modelPower(
    networks,
    neutral,
    { heldOut: calibration, scores, reference },
    runtime,
    falsePositiveRate,
  );
  const health = healthOf({
    core,
    activeUnits: history.activeUnits,
    deviations: predictedDeviations(core, measured),
    trainingScores,
    // As much trimmed as the rows they are compared with.
    calibrationScores: lowestScores(unseenScores, configuration.referenceShare),
    power,
  });
  const manifest: Manifest = {
    kind: 'table',
    formatVersion,
    version,
    schema,
    features,
    configuration,
    ...(input.label === undefined ? {} : { label: input.label }),
    rows: { read: input.rowsRead, trained: training.rows, calibration: calibration.rows },
    history,
    health,
    calibration: {
      full: encodeDoubles(ordered.full),
      fast: encodeDoubles(ordered.fast),
    },
    ...(ordered.rowOrder === undefined ? {} : { rowOrder: ordered.rowOrder }),
    ...(configuration.storedRows === 0
      ? {}
      : {
          posterior: storedPosterior(codes, reference.rows, configuration.latentSize),
          knownRows: knownRows(input, fingerprint),
        }),
    fingerprint,
  };
  return { manifest, networks, neutral };
}

function knownRows({ rows, start }: FitInput, fingerprint: string): KnownRows {
  const former = start?.manifest.knownRows;
  const salt = former?.salt ?? saltOf(fingerprint);
  return knownRowsOf([rowHashes(rows.data, rows.rows, salt)], salt, former);
}

function lowestScores(scores: Float64Array, share: number): Float64Array {
  return share === 1 ? scores : Float64Array.from(lowest(scores, share), (at) => scores[at]!);
}

async function encodeRows(
  core: ModelCore,
  theta: Float32Array,
  rows: EncodedRows,
  runtime: Runtime,
): Promise<Codes> {
  await using encoder = await Blocks.open(
    {
      program: encodingProgram(core, theta),
      outputs: ['mean', 'log_variance'],
      blockRows: tableBlockRows(core.features.length * core.shape.members),
    },
    runtime,
  );
  const { mean, log_variance: logVariance } = await encoder.run({ rows: rows.data }, rows.rows);
  return { mean, logVariance };
}

function storedCodes(core: ModelCore, codes: Codes, rows: number): StoredCodes | undefined {
  const { configuration, shape } = core;
  if (!needsCodes[configuration.score]) return undefined;
  const places = Array.from({ length: Math.min(configuration.codes, rows) }, (_, row) => row);
  const members = Array.from({ length: shape.members }, (_, member) => member);
  return pickCodes(core, codes, places, members);
}

/** Mean predicted deviation of each numeric field, in standard deviations of its column. */
function predictedDeviations(
  core: ModelCore,
  measured: Pick<ScoringOutputs, 'lower' | 'upper'>,
): number[] {
  const { lower, upper } = measured;
  const width = core.fields.length;
  return core.features.flatMap(({ field, category, deviation, logarithm }) => {
    if (category !== undefined) return [];
    let sum = 0;
    let rows = 0;
    for (let index = field; index < lower.length; index += width) {
      const scale = (value: number): number =>
        logarithm ? Math.log1p(Math.max(value, -0.5)) : value;
      sum += (scale(upper[index]!) - scale(lower[index]!)) / (2 * 1.6448536269514722 * deviation);
      rows++;
    }
    return [sum / rows];
  });
}
