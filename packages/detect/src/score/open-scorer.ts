import type { Runtime } from '@unlikely/runtime';
import { rowElements } from './row-elements.ts';
import { Scorer } from './scorer.ts';
import { scoringProgram } from './scoring-program.ts';
import type { TrainedNetworks } from './trained-networks.ts';

/** A scorer of encoded rows for some of the `scoringOutputs`. */
export function openScorer(
  networks: TrainedNetworks,
  neutral: Float32Array,
  runtime: Runtime,
  outputs: readonly string[],
): Promise<Scorer> {
  return Scorer.create(
    scoringProgram({ ...networks, neutral }),
    outputs,
    runtime,
    rowElements(networks.core),
    scoringProgram({ ...networks, neutral, complete: true }),
  );
}
