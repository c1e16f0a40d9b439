import { constant, makeGraph, readMetadata, readModel, UnlikelyError } from '@unlikely/graph';
import type { Node } from '@unlikely/graph';
import type { HistoryRecord, TrainingState } from '../train/training-state.ts';
import { isSealed, writeSealedModel } from './checksum.ts';

const checkpointKey = 'unlikely.checkpoint';

interface CheckpointHeader {
  readonly step: number;
  readonly history: HistoryRecord;
  readonly identity: string;
}

/**
 * An unfinished training as bytes, in the format of the model file: θ and the optimiser's vectors.
 *
 * @param identity What the training is of, see `trainingIdentity`.
 */
export function writeCheckpoint(state: TrainingState, identity: string): Promise<Uint8Array> {
  const header: CheckpointHeader = { step: state.step, history: state.history, identity };
  const vectors = { theta: state.theta, ...Object.fromEntries(state.slots.entries()) };
  const outputs = Object.entries(vectors).map(([name, data]) => [
    `vector_${name}`,
    constant(data, { name: `stored_${name}` }),
  ]);
  const graph = makeGraph('checkpoint', [], Object.fromEntries(outputs));
  return writeSealedModel(graph, { [checkpointKey]: JSON.stringify(header) });
}

/**
 * @throws UnlikelyError `model/checkpoint` where the bytes are no checkpoint, are damaged, or belong
 *   to a training of other rows or another configuration.
 */
export async function readCheckpoint(bytes: Uint8Array, identity: string): Promise<TrainingState> {
  let header: CheckpointHeader;
  let vectors: Float32Array[];
  try {
    const metadata = readMetadata(bytes);
    header = JSON.parse(metadata[checkpointKey] ?? '') as CheckpointHeader;
    if (!(await isSealed(bytes, metadata))) throw new Error('its checksum does not fit');
    vectors = readModel(bytes).graph.outputs.map(
      ({ tensor }) => (tensor.node as Node<'constant'>).parameters.data as Float32Array,
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
  const [theta, ...slots] = vectors;
  return { step: header.step, history: header.history, theta: theta!, slots };
}
