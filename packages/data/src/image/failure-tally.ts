import { dataError } from '../data-error.ts';
import type { Refusal } from './decode-image.ts';
import type { ImageFailure } from './image-source.ts';

const namedFailures = 5;

/** Counts unreadable images and throws when they are more than a share of all. */
export class FailureTally {
  readonly failures: ImageFailure[] = [];
  readonly #total: number;
  readonly #share: number;
  #tooLarge = 0;

  constructor(total: number, share: number) {
    this.#total = total;
    this.#share = share;
  }

  add(row: number, name: string, { reason, tooLarge }: Refusal): ImageFailure {
    const failure = { row, name, reason };
    this.failures.push(failure);
    if (tooLarge) this.#tooLarge++;
    if (this.failures.length > this.#share * this.#total) {
      const most = `at most ${percent(this.#share)} of ${this.#total} images`;
      throw unreadableImages(this.failures, this.#tooLarge, `${most} to be unreadable`);
    }
    return failure;
  }
}

/** The error that names the first failures; where size alone is the reason, it has a code of its own. */
export function unreadableImages(
  failures: readonly ImageFailure[],
  tooLarge: number,
  expected: string,
): Error {
  const shown = failures
    .slice(0, namedFailures)
    .map(({ name, reason }) => `\n  ${name}: ${reason}`);
  const more = failures.length > namedFailures ? '\n  …' : '';
  const size = tooLarge === failures.length;
  return dataError(
    size ? 'data/image-too-large' : 'data/unreadable-images',
    `expected ${expected}, but ${failures.length} cannot be read:${shown.join('')}${more}`,
    {
      help: size
        ? 'Make the images smaller, or raise the limit on pixels.'
        : 'Remove or replace these files, or allow a larger share of unreadable images.',
      details: { failures: failures.slice(0, namedFailures) },
    },
  );
}

function percent(share: number): string {
  return `${Number((share * 100).toPrecision(3))} %`;
}
