import type { Runtime } from '@unlikely/runtime';
import { tableBlockRows } from '../../../score/block-rows.ts';
import { Blocks } from '../../../score/blocks.ts';
import type { Outputs } from '../../../score/program.ts';
import { rowElements } from './row-elements.ts';
import { scoringProgram } from './scoring-program.ts';
import type { EvidenceOutputs, ScoringOutputs } from './scoring-program.ts';
import type { TrainedNetworks } from './trained-networks.ts';

interface ScorerOptions {
  readonly check?: (found: Outputs) => void;
  /** A multiple of 16. Default: as many as are fastest where there are many. */
  readonly blockRows?: number;
}

/** Scores encoded rows: some outputs of the scoring program. */
export function openScorer<Name extends keyof (ScoringOutputs & EvidenceOutputs)>(
  networks: TrainedNetworks,
  neutral: Float32Array,
  runtime: Runtime,
  outputs: readonly Name[],
  { check, blockRows = tableBlockRows(rowElements(networks.core)) }: ScorerOptions = {},
): Promise<Blocks<Pick<ScoringOutputs & EvidenceOutputs, Name>>> {
  return Blocks.open(
    {
      program: scoringProgram({ ...networks, neutral }),
      complete: scoringProgram({ ...networks, neutral, complete: true }),
      outputs,
      blockRows,
      ...(check === undefined ? {} : { check }),
    },
    runtime,
  );
}
