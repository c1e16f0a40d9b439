import type { Optimiser } from '@unlikely/graph';
import type { RuntimeTensor } from '@unlikely/runtime';
import type { EncodedRows } from '../column/feature.ts';
import type { ModelCore } from '../model-core.ts';
import { chunkInputs } from './chunk.ts';
import type { TrainingState } from './training-state.ts';

/** Checks a training. */
const checks = 20;
/** Minibatches of held-out rows that one check averages over. */
const batches = 8;

/**
 * Keeps the state with the lowest held-out loss and says when it has not improved for `patience`
 * checks. Training must have the full KL weight first, or an early state would win by its low weight.
 */
export class EarlyStopping {
  best: TrainingState | undefined;
  readonly #feeds: Record<string, RuntimeTensor>;
  readonly #every: number;
  readonly #from: number;
  readonly #patience: number;
  #lowest = Infinity;
  #since = 0;
  #next: number;

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
    this.#next = this.#every;
    this.#patience = patience;
  }

  /** The step of the next check: chunks end there, so that results do not depend on their size. */
  get nextCheck(): number {
    return this.#next;
  }

  /** The best state once it is time to stop, else undefined. */
  async check(
    state: TrainingState,
    evaluate: (feeds: Record<string, RuntimeTensor>) => Promise<number>,
  ): Promise<TrainingState | undefined> {
    if (state.step < this.#next) return undefined;
    this.#next += this.#every;
    if (state.step < this.#from) return undefined;
    const loss = await evaluate(this.#feeds);
    if (loss < this.#lowest) {
      this.#lowest = loss;
      this.#since = 0;
      this.best = state;
      return undefined;
    }
    this.#since++;
    return this.#since >= this.#patience ? this.best : undefined;
  }
}
