import { adam, constant, makeGraph, UnlikelyError } from '@unlikely/graph';
import { detectError } from '../detect-error.ts';
import type { BestState, HistoryRecord, StoppingRecord, TrainingState } from './training-state.ts';
import { storedNumbers } from '../artifact/check-parts.ts';
import type { Constants } from '../artifact/check-parts.ts';
import { writeSealedModel } from '../bytes/checksum.ts';
import { count, mostCount } from '../artifact/manifest-parts.ts';
import { checked, corrupt, openSealedFile } from '../artifact/sealed-file.ts';
import { finite, list, object, optional, text, whole } from '../artifact/validation.ts';
import type { Proves, Validator } from '../artifact/validation.ts';

/** Of the header in the metadata. */
export const checkpointKey = 'unlikely.checkpoint';

interface CheckpointHeader {
  readonly step: number;
  readonly history: HistoryRecord;
  readonly identity: string;
  /** Without its θ. */
  readonly stopping?: {
    readonly since: number;
    readonly best?: Omit<BestState, 'theta'>;
  };
}

const mostEntries = 100_000;
const historyOfCheckpoint = object({
  step: list(whole(1, mostCount), mostEntries),
  loss: list(finite(), mostEntries),
  reconstruction: list(finite(), mostEntries),
  kl: list(finite(), mostEntries),
  learningRate: list(finite(), mostEntries),
  open: object({ count: count(), loss: finite(), reconstruction: finite(), kl: finite() }),
});
const header = object({
  step: count(),
  history: historyOfCheckpoint,
  identity: text(),
  stopping: optional(
    object({
      since: count(),
      best: optional(object({ step: count(), history: historyOfCheckpoint, loss: finite() })),
    }),
  ),
});
const headerValidator: Validator<CheckpointHeader> = header;
const proof: Proves<typeof header, CheckpointHeader> = true;
void proof;

/**
 * An unfinished training as bytes, in the format of the model file: θ and the optimiser's vectors.
 *
 * @param identity What the training is of, see `trainingIdentity`.
 */
export function writeCheckpoint(state: TrainingState, identity: string): Promise<Uint8Array> {
  const { step, history, stopping } = state;
  const header: CheckpointHeader = {
    step,
    history,
    identity,
    ...(stopping === undefined ? {} : { stopping: withoutTheta(stopping) }),
  };
  const best = stopping?.best;
  const vectors: (readonly [string, Float32Array])[] = [
    ['theta', state.theta],
    ...state.slots.map((slot, index) => [`slot_${index}`, slot] as const),
    ...(best === undefined ? [] : [['best_theta', best.theta] as const]),
  ];
  const outputs = vectors.map(([name, data]) => [name, constant(data, { name: `stored_${name}` })]);
  const graph = makeGraph('checkpoint', [], Object.fromEntries(outputs));
  return writeSealedModel(graph, { [checkpointKey]: JSON.stringify(header) });
}

/**
 * @param parameterCount Numbers of θ in the training that it is to be of.
 * @throws UnlikelyError `model/checkpoint` where the bytes are no checkpoint, are damaged, or belong
 *   to a training of other rows or another configuration.
 */
export async function readCheckpoint(
  bytes: Uint8Array,
  identity: string,
  parameterCount: number,
): Promise<TrainingState> {
  try {
    const file = await openSealedFile(bytes, [checkpointKey], foreign);
    const found = checked(headerValidator, file.json(checkpointKey), 'checkpoint');
    if (found.identity !== identity) throw otherTraining();
    return stateOf(found, file.constants(), parameterCount);
  } catch (cause) {
    throw isOurs(cause) ? cause : damaged(cause);
  }
}

const isOurs = (cause: unknown): boolean =>
  cause instanceof UnlikelyError && cause.code === 'model/checkpoint';

function stateOf(header: CheckpointHeader, constants: Constants, size: number): TrainingState {
  const vector = (name: string): Float32Array => storedNumbers(constants, `stored_${name}`, size);
  const { step, history, stopping } = header;
  for (const { open: _open, ...lists } of [
    history,
    ...(stopping?.best ? [stopping.best.history] : []),
  ]) {
    if (new Set(Object.values(lists).map(({ length }) => length)).size > 1) {
      throw corrupt('its history should have lists of one length');
    }
  }
  const state = {
    step,
    history,
    theta: vector('theta'),
    slots: Array.from({ length: adam().slots }, (_, slot) => vector(`slot_${slot}`)),
  };
  if (stopping === undefined) return state;
  const { since, best } = stopping;
  return {
    ...state,
    stopping:
      best === undefined ? { since } : { since, best: { ...best, theta: vector('best_theta') } },
  };
}

function foreign(): UnlikelyError {
  return damaged(new Error('it is another ONNX file'));
}

function damaged(cause: unknown): UnlikelyError {
  const reason = cause instanceof Error ? `: ${cause.message}` : '';
  return detectError(
    'model/checkpoint',
    `expected a whole checkpoint, got a damaged or other file${reason}`,
    { help: 'Delete it and train from the start.', cause },
  );
}

function otherTraining(): UnlikelyError {
  return detectError(
    'model/checkpoint',
    'expected a checkpoint of this training, got one of other rows or another configuration',
    {
      help: 'Use the options and the input of the interrupted training, or delete the checkpoint.',
    },
  );
}

function withoutTheta({ since, best }: StoppingRecord): NonNullable<CheckpointHeader['stopping']> {
  if (best === undefined) return { since };
  const { step, history, loss } = best;
  return { since, best: { step, history, loss } };
}
