/** Lets work start while the pixels of all that runs fit a budget, first come, first served. */
export class PixelBudget {
  readonly #limit: number;
  #used = 0;
  readonly #waiting: { readonly pixels: number; readonly start: () => void }[] = [];

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Work larger than the budget runs alone. */
  async run<Result>(pixels: number, work: () => Promise<Result>): Promise<Result> {
    if (this.#waiting.length > 0 || !this.#fits(pixels)) {
      await new Promise<void>((start) => this.#waiting.push({ pixels, start }));
    } else this.#used += pixels;
    try {
      return await work();
    } finally {
      this.#used -= pixels;
      while (this.#waiting.length > 0 && this.#fits(this.#waiting[0]!.pixels)) {
        const next = this.#waiting.shift()!;
        this.#used += next.pixels;
        next.start();
      }
    }
  }

  #fits(pixels: number): boolean {
    return this.#used === 0 || this.#used + pixels <= this.#limit;
  }
}
