import type { Runtime } from '@unlikely/runtime';
import type { ModelCore } from '../model-core.ts';
import { needsCodes } from './score-kind.ts';
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

/** Elements of the largest tensor of the scoring program for one row. */
function rowElements({ shape, configuration }: ModelCore): number {
  const draws = shape.members * Math.max(1, configuration.samples);
  const codes = needsCodes[configuration.score] ? shape.members * configuration.codes : 0;
  return Math.max(draws * shape.outputs, codes);
}
