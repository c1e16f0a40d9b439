/** Lets work start while the costs of all that runs fit a budget, first come, first served. */
export class WorkBudget {
  readonly #limit: number;
  #used = 0;
  readonly #waiting: { readonly cost: number; readonly start: () => void }[] = [];

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Work larger than the budget runs alone. */
  async run<Result>(cost: number, work: () => Promise<Result>): Promise<Result> {
    if (this.#waiting.length > 0 || !this.#fits(cost)) {
      await new Promise<void>((start) => this.#waiting.push({ cost, start }));
    } else this.#used += cost;
    try {
      return await work();
    } finally {
      this.#used -= cost;
      while (this.#waiting.length > 0 && this.#fits(this.#waiting[0]!.cost)) {
        const next = this.#waiting.shift()!;
        this.#used += next.cost;
        next.start();
      }
    }
  }

  #fits(cost: number): boolean {
    return this.#used === 0 || this.#used + cost <= this.#limit;
  }
}
