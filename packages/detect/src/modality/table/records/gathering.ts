import type { ScoredBatch } from '../score/scored-batch.ts';

/** One row of a batch. */
export interface BatchRow {
  readonly batch: ScoredBatch;
  readonly index: number;
}

interface Waiting {
  readonly row: Float64Array;
  readonly resolve: (place: BatchRow) => void;
  readonly reject: (error: unknown) => void;
}

/** Rows of one batch: more gain nothing, and let the first of them wait. */
const mostRows = 256;

/**
 * Scores rows that are asked for one by one, those of concurrent calls together: what comes while all runs are
 * under way is the next batch.
 */
export class Gathering {
  readonly #score: (rows: Float64Array, count: number) => Promise<ScoredBatch>;
  readonly #mostRuns: number;
  #waiting: Waiting[] = [];
  #isDue = false;
  #runs = 0;

  /** @param mostRuns Batches that are under way at once. */
  constructor(
    score: (rows: Float64Array, count: number) => Promise<ScoredBatch>,
    mostRuns: number,
  ) {
    this.#score = score;
    this.#mostRuns = mostRuns;
  }

  /** The batch that the row became a part of, and its place there. */
  score(row: Float64Array): Promise<BatchRow> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ row, resolve, reject });
      if (this.#isDue) return;
      this.#isDue = true;
      // Calls that are made at once come together.
      queueMicrotask(() => {
        this.#isDue = false;
        this.#start();
      });
    });
  }

  #start(): void {
    while (this.#waiting.length > 0 && this.#runs < this.#mostRuns) {
      const batch = this.#waiting.slice(0, mostRows);
      this.#waiting = this.#waiting.slice(mostRows);
      this.#runs++;
      void this.#run(batch);
    }
  }

  async #run(waiting: readonly Waiting[]): Promise<void> {
    const width = waiting[0]!.row.length;
    const rows = new Float64Array(waiting.length * width);
    waiting.forEach(({ row }, index) => rows.set(row, index * width));
    try {
      const batch = await this.#score(rows, waiting.length);
      waiting.forEach(({ resolve }, index) => resolve({ batch, index }));
    } catch (error) {
      for (const { reject } of waiting) reject(error);
    } finally {
      this.#runs--;
      this.#start();
    }
  }
}
