import type { Optimiser } from '@unlikely/graph';
import type { RuntimeTensor } from '@unlikely/runtime';
import type { EncodedRows } from '../column/feature.ts';
import type { ModelCore } from '../model-core.ts';
import { chunkInputs } from './chunk.ts';
import type { StoppingRecord, TrainingState } from './training-state.ts';

/** Checks a training. */
const checks = 20;
/** Minibatches of held-out rows that one check averages over. */
const batches = 8;

/**
 * Keeps the parameters with the lowest held-out loss and says when it has not improved for `patience`
 * checks. Training must have the full KL weight first, or an early state would win by its low weight.
 * What it remembers travels with the training state, so that an interruption changes nothing.
 */
export class EarlyStopping {
  readonly #feeds: Record<string, RuntimeTensor>;
  readonly #every: number;
  readonly #from: number;
  readonly #patience: number;

  constructor(
    core: ModelCore,
    heldOut: EncodedRows,
    optimiser: Optimiser,
    { patience, batchRows }: { readonly patience: number; readonly batchRows: number },
  ) {
    const { steps, klWarmUp } = core.configuration;
    this.#feeds = chunkInputs(core, heldOut, optimiser, {
      first: 0,
      count: batches,
      batchRows,
      purpose: 'held-out',
    });
    this.#every = Math.max(1, Math.round(steps / checks));
    this.#from = klWarmUp * steps;
    this.#patience = patience;
  }

  /** The first check after a step: chunks end there, so that results do not depend on their size. */
  nextCheck(step: number): number {
    return (Math.floor(step / this.#every) + 1) * this.#every;
  }

  /** Whether the record says that it is time to stop. */
  isOver({ since }: StoppingRecord): boolean {
    return since >= this.#patience;
  }

  /** The record after this state: another one only at a check. */
  async check(
    state: TrainingState,
    evaluate: (feeds: Record<string, RuntimeTensor>) => Promise<number>,
  ): Promise<StoppingRecord> {
    const known = state.stopping ?? { since: 0 };
    if (state.step % this.#every !== 0 || state.step < this.#from) return known;
    const loss = await evaluate(this.#feeds);
    if (!(loss < (known.best?.loss ?? Infinity))) return { ...known, since: known.since + 1 };
    const { step, theta, history } = state;
    return { since: 0, best: { step, theta, history, loss } };
  }
}
