/** Everything that the next step depends on: with it, an interrupted training goes on as if nothing had been. */
export interface TrainingState {
  /** Steps that are done. */
  readonly step: number;
  /** Parameters [P]. */
  readonly theta: Float32Array;
  /** The optimiser's vectors, each [P]. */
  readonly slots: readonly Float32Array[];
  readonly history: HistoryRecord;
  /** Where early stopping is on. */
  readonly stopping?: StoppingRecord;
}

/** What early stopping remembers. */
export interface StoppingRecord {
  /** Checks since the lowest held-out loss. */
  readonly since: number;
  readonly best?: BestState;
}

/** The parameters with the lowest held-out loss so far. */
export interface BestState {
  readonly step: number;
  readonly theta: Float32Array;
  readonly history: HistoryRecord;
  readonly loss: number;
}

/** Means over windows of steps, as long as the training has run. */
export interface HistoryRecord {
  /** The last step of each window, from 1 on. */
  readonly step: number[];
  /** The loss as trained, with the weight that the KL term had, a row and member. */
  readonly loss: number[];
  readonly reconstruction: number[];
  readonly kl: number[];
  readonly learningRate: number[];
  /** Sums of the window that is still open. */
  readonly open: { count: number; loss: number; reconstruction: number; kl: number };
}

export function emptyHistory(): HistoryRecord {
  return {
    step: [],
    loss: [],
    reconstruction: [],
    kl: [],
    learningRate: [],
    open: { count: 0, loss: 0, reconstruction: 0, kl: 0 },
  };
}

/** Steps that one entry of the history stands for: about a hundred entries a training. */
export function historyWindow(steps: number): number {
  return Math.max(1, Math.round(steps / 100));
}

/** Adds one step; the same whatever the chunks were. */
export function recordStep(
  history: HistoryRecord,
  entry: {
    readonly step: number;
    readonly loss: number;
    readonly reconstruction: number;
    readonly kl: number;
    readonly learningRate: number;
  },
  steps: number,
): void {
  const { open } = history;
  open.count++;
  open.loss += entry.loss;
  open.reconstruction += entry.reconstruction;
  open.kl += entry.kl;
  if (entry.step % historyWindow(steps) !== 0 && entry.step !== steps) return;
  history.step.push(entry.step);
  history.loss.push(open.loss / open.count);
  history.reconstruction.push(open.reconstruction / open.count);
  history.kl.push(open.kl / open.count);
  history.learningRate.push(entry.learningRate);
  Object.assign(open, { count: 0, loss: 0, reconstruction: 0, kl: 0 });
}
