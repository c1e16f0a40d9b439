import {
  fillIntegers,
  fillNormal,
  linearWarmUp,
  RandomStream,
  slotNames,
  trainingProgram,
  warmUpCosine,
  writeModel,
} from '@unlikely/graph';
import type { Optimiser, TrainingProgram, UnlikelyError } from '@unlikely/graph';
import type { Runtime, RuntimeTensor } from '@unlikely/runtime';
import { detectError } from '../detect-error.ts';
import { emptyHistory, recordStep } from '../train/training-state.ts';
import type { TrainingProgress } from '../train/train-networks.ts';
import type { TrainingState } from '../train/training-state.ts';
import { trainingRegion } from './hidden-regions.ts';
import type { ImageCore } from './image-core.ts';
import { imageObjective } from './image-objective.ts';
import { initialiseImages } from './initialise-images.ts';
import { pixelsOf } from './images.ts';

/** Random access to the pixels of images, as a pixel store of `@unlikely/data` gives it. */
export interface PixelReader {
  readonly rows: number;
  /** Fills `into` [rows, C, H, W] with [0, 1]. */
  read(rows: Int32Array, into: Float32Array): void;
}

export interface ImageTrainingInput {
  readonly core: ImageCore;
  readonly pixels: PixelReader;
  /** Rows of `pixels` to train on. */
  readonly rows: Int32Array;
  readonly runtime: Runtime;
  readonly threads?: number;
  /** Goes on from here. */
  readonly state?: TrainingState;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: TrainingProgress, state: TrainingState) => void | Promise<void>;
}

const learningRateWarmUp = 50;
/** One run of the program should last about this long. */
const runMilliseconds = 400;
const maximumChunk = 100;
/** Bytes of pixels and noise in one chunk. */
const chunkBytes = 24e6;

function learningRateAt({ configuration }: ImageCore, step: number): number {
  const { learningRate: peak, steps: totalSteps } = configuration;
  return warmUpCosine({ peak, warmUpSteps: learningRateWarmUp, totalSteps })(step);
}

/**
 * Trains and gives the state after the last step. Every number depends only on the seed and its step,
 * so that neither the size of the chunks nor an interruption changes a bit.
 *
 * @throws UnlikelyError `detect/aborted` with the state in `details.state` once `signal` is aborted
 *   (the chunk in flight is finished first); `detect/not-finite`.
 */
export async function trainImageNetworks(input: ImageTrainingInput): Promise<TrainingState> {
  const { core, rows, runtime } = input;
  const { steps, batchSize, seed } = core.configuration;
  const batchRows = Math.min(batchSize, rows.length);
  const objective = imageObjective(core, batchRows);
  const program = trainingProgram(objective);
  const options = input.threads === undefined ? {} : { threads: input.threads };
  await using session = await runtime.createSession(writeModel(program.graph), options);
  const names = slotNames(objective.optimiser);

  let state = input.state ?? {
    step: 0,
    theta: initialiseImages(core.shape, seed),
    slots: names.map(() => new Float32Array(core.parameterCount)),
    history: emptyHistory(),
  };
  const stepBytes = 4 * batchRows * (pixelsOf(core.shape) + core.shape.latentSize + 4);
  const most = Math.max(1, Math.min(maximumChunk, Math.floor(chunkBytes / stepBytes)));
  let count = Math.min(2, most, steps - state.step);
  const inputsAt = (first: number, size: number) =>
    chunkOf(input, objective.optimiser, batchRows, first, size);
  let prepared = count > 0 ? inputsAt(state.step, count) : undefined;
  while (prepared !== undefined) {
    const size = count;
    const started = performance.now();
    const running = session.run({ ...stateTensors(state, names), ...prepared });
    // While a runtime outside of this thread computes, the next chunk is drawn.
    const first = state.step + size;
    count = Math.min(count, steps - first);
    prepared = count > 0 ? inputsAt(first, count) : undefined;
    const outputs = await running;
    const perStep = (performance.now() - started) / size;
    state = nextState(core, program, state, outputs, names, size);
    const metric = metricsOf(program, outputs);
    const mean = (name: string): number =>
      Array.from({ length: size }, (_, step) => metric(name, step)).reduce((a, b) => a + b) / size;
    await input.onProgress?.(
      {
        step: state.step,
        steps,
        epoch: (state.step * batchRows) / rows.length,
        loss: mean('loss'),
        reconstruction: mean('reconstruction'),
        kl: mean('kl'),
        learningRate: learningRateAt(core, state.step - 1),
      },
      state,
    );
    if (input.signal?.aborted && state.step < steps) throw aborted(state, steps);
    const ideal = Math.max(1, Math.min(most, Math.round(runMilliseconds / perStep)));
    if (prepared !== undefined && (ideal > 2 * count || ideal < count / 2)) {
      count = Math.min(ideal, steps - state.step);
      prepared = inputsAt(state.step, count);
    }
  }
  return state;
}

/** The inputs of `count` steps from `first` on. */
function chunkOf(
  { core, pixels, rows }: ImageTrainingInput,
  optimiser: Optimiser,
  batchRows: number,
  first: number,
  count: number,
): Record<string, RuntimeTensor> {
  const { shape, configuration } = core;
  const { channels, height, width, latentSize, variational } = shape;
  const { seed, hiddenShare } = configuration;
  const images = count * batchRows;
  const drawn = new Int32Array(images);
  fillIntegers(drawn, rows.length, new RandomStream(seed, 'train', 'rows'), first * batchRows);
  const data = new Float32Array(images * pixelsOf(shape));
  pixels.read(
    drawn.map((place) => rows[place]!),
    data,
  );
  const regions = new Float32Array(images * 4);
  for (let step = 0; step < count; step++) {
    const stream = new RandomStream(seed, 'train', 'regions', first + step);
    for (let row = 0; row < batchRows; row++) {
      regions.set(trainingRegion(shape, hiddenShare, stream), 4 * (step * batchRows + row));
    }
  }
  const inputs: Record<string, RuntimeTensor> = {
    pixels: { type: 'float32', dimensions: [count, batchRows, channels, height, width], data },
    regions: { type: 'float32', dimensions: [count, batchRows, 4], data: regions },
  };
  if (variational) {
    const noise = new Float32Array(images * latentSize);
    fillNormal(noise, new RandomStream(seed, 'train', 'noise'), first * batchRows * latentSize);
    inputs['noise'] = {
      type: 'float32',
      dimensions: [count, batchRows, latentSize],
      data: noise,
    };
  }
  const schedule: number[] = [];
  for (let step = first; step < first + count; step++) {
    schedule.push(...optimiser.schedule(learningRateAt(core, step), step));
    if (!variational) continue;
    const { beta, klWarmUp, steps } = configuration;
    schedule.push(beta * linearWarmUp(klWarmUp * steps)(step));
  }
  inputs['schedule'] = {
    type: 'float32',
    dimensions: [count, schedule.length / count],
    data: Float32Array.from(schedule),
  };
  return inputs;
}

/** Copies: a runtime may take its feeds for itself, and the state goes into checkpoints. */
function stateTensors(
  state: TrainingState,
  names: readonly string[],
): Record<string, RuntimeTensor> {
  const vector = (data: Float32Array): RuntimeTensor => ({
    type: 'float32',
    dimensions: [data.length],
    data: data.slice(),
  });
  return Object.fromEntries([
    ['theta', vector(state.theta)],
    ...names.map((name, index) => [name, vector(state.slots[index]!)] as const),
  ]);
}

type Outputs = Readonly<Record<string, RuntimeTensor>>;

function metricsOf(
  program: TrainingProgram,
  outputs: Outputs,
): (name: string, step: number) => number {
  const values = outputs['metrics']!.data as Float32Array;
  const width = program.metrics.length;
  return (name, step) => {
    const column = program.metrics.indexOf(name);
    return column === -1 ? 0 : values[step * width + column]!;
  };
}

function nextState(
  core: ImageCore,
  program: TrainingProgram,
  state: TrainingState,
  outputs: Outputs,
  names: readonly string[],
  size: number,
): TrainingState {
  const metric = metricsOf(program, outputs);
  const history = structuredClone(state.history);
  for (let index = 0; index < size; index++) {
    const step = state.step + index;
    const loss = metric('loss', index);
    if (!Number.isFinite(loss)) {
      throw detectError('detect/not-finite', `expected a finite loss, got none at step ${step}`, {
        help: 'Lower the learning rate.',
        details: { step },
      });
    }
    recordStep(
      history,
      {
        step: step + 1,
        loss,
        reconstruction: metric('reconstruction', index),
        kl: metric('kl', index),
        learningRate: learningRateAt(core, step),
      },
      core.configuration.steps,
    );
  }
  return {
    ...state,
    step: state.step + size,
    theta: outputs['next_theta']!.data as Float32Array,
    slots: names.map((name) => outputs[`next_${name}`]!.data as Float32Array),
    history,
  };
}

function aborted(state: TrainingState, steps: number): UnlikelyError {
  return detectError(
    'detect/aborted',
    `training was stopped after ${state.step} of ${steps} steps`,
    { help: 'Train again with the same options and `--resume` to go on.', details: { state } },
  );
}
