import { constant, makeGraph, readMetadata, readModel, UnlikelyError } from '@unlikely/graph';
import type { Node } from '@unlikely/graph';
import type {
  BestState,
  HistoryRecord,
  StoppingRecord,
  TrainingState,
} from '../train/training-state.ts';
import { isSealed, writeSealedModel } from './checksum.ts';

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
 * @throws UnlikelyError `model/checkpoint` where the bytes are no checkpoint, are damaged, or belong
 *   to a training of other rows or another configuration.
 */
export async function readCheckpoint(bytes: Uint8Array, identity: string): Promise<TrainingState> {
  let header: CheckpointHeader;
  let vectors: Map<string, Float32Array>;
  try {
    const metadata = readMetadata(bytes);
    header = JSON.parse(metadata[checkpointKey] ?? '') as CheckpointHeader;
    if (!(await isSealed(bytes, metadata))) throw new Error('its checksum does not fit');
    vectors = new Map(
      readModel(bytes).graph.outputs.map(({ name, tensor }) => [
        name,
        (tensor.node as Node<'constant'>).parameters.data as Float32Array,
      ]),
    );
  } catch (cause) {
    throw new UnlikelyError(
      'model/checkpoint',
      'expected a whole checkpoint, got a damaged or other file',
      {
        help: 'Delete it and train from the start.',
        cause,
      },
    );
  }
  if (header.identity !== identity) {
    throw new UnlikelyError(
      'model/checkpoint',
      'expected a checkpoint of this training, got one of other rows or another configuration',
      {
        help: 'Use the options and the input of the interrupted training, or delete the checkpoint.',
      },
    );
  }
  const { step, history, stopping } = header;
  const slots = [...vectors].filter(([name]) => name.startsWith('slot_')).map(([, slot]) => slot);
  const state = { step, history, theta: vectors.get('theta')!, slots };
  if (stopping === undefined) return state;
  const { since, best } = stopping;
  return {
    ...state,
    stopping:
      best === undefined
        ? { since }
        : { since, best: { ...best, theta: vectors.get('best_theta')! } },
  };
}

function withoutTheta({ since, best }: StoppingRecord): NonNullable<CheckpointHeader['stopping']> {
  if (best === undefined) return { since };
  const { step, history, loss } = best;
  return { since, best: { step, history, loss } };
}
