import type { Runtime } from '@unlikely/runtime';
import { tableBlockRows } from './block-rows.ts';
import { Blocks } from './blocks.ts';
import type { Outputs } from './program.ts';
import { rowElements } from './row-elements.ts';
import { scoringProgram } from './scoring-program.ts';
import type { EvidenceOutputs, ScoringOutputs } from './scoring-program.ts';
import type { TrainedNetworks } from './trained-networks.ts';

/** Scores encoded rows: some outputs of the scoring program. */
export function openScorer<Name extends keyof (ScoringOutputs & EvidenceOutputs)>(
  networks: TrainedNetworks,
  neutral: Float32Array,
  runtime: Runtime,
  outputs: readonly Name[],
  check?: (found: Outputs) => void,
): Promise<Blocks<Pick<ScoringOutputs & EvidenceOutputs, Name>>> {
  return Blocks.open(
    {
      program: scoringProgram({ ...networks, neutral }),
      complete: scoringProgram({ ...networks, neutral, complete: true }),
      outputs,
      blockRows: tableBlockRows(rowElements(networks.core)),
      ...(check === undefined ? {} : { check }),
    },
    runtime,
  );
}
