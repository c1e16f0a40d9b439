import type { RandomStream } from '@unlikely/graph';
import { NeighbourSearch, neighbours } from '../../../baseline/neighbour-search.ts';
import type { Neighbours } from '../../../baseline/neighbour-search.ts';
import type { Matrix } from '../../../matrix.ts';

/** Share of the normal rows that count as the neighbourhood of one; at least `fewest`. */
const neighbourShare = 0.1;
const fewest = 10;

/**
 * The normal rows around a row as a Gaussian: the mean and the covariance of its nearest rows, the
 * part of a component of the mixtures that Han et al. (2022) fit.
 */
export class LocalGaussian {
  readonly #reference: Matrix;
  readonly #search: NeighbourSearch;
  readonly #found: Neighbours;
  #last: { x: Matrix; row: number; neighbourhood: Neighbourhood } | undefined;

  /** @param reference Scaled numbers of normal rows, at least one. */
  constructor(reference: Matrix, stream: RandomStream) {
    this.#reference = reference;
    this.#search = new NeighbourSearch(reference, stream);
    const { size } = this.#search;
    const count = Math.max(fewest, Math.round(neighbourShare * size));
    this.#found = neighbours(Math.min(size, count));
  }

  /** The neighbourhood of row `row` of `x`; the last one is kept, since clusters ask for it again. */
  around(x: Matrix, row: number): Neighbourhood {
    if (this.#last?.x === x && this.#last.row === row) return this.#last.neighbourhood;
    const neighbourhood = this.#neighbourhood(x, row);
    this.#last = { x, row, neighbourhood };
    return neighbourhood;
  }

  #neighbourhood(x: Matrix, row: number): Neighbourhood {
    this.#search.search(x, row, this.#found);
    const { columns, data } = this.#reference;
    const rows = Array.from(this.#found.places, (place) => this.#search.rowAt(place) * columns);
    const mean = new Float64Array(columns);
    for (const start of rows) {
      for (let column = 0; column < columns; column++) mean[column]! += data[start + column]!;
    }
    for (let column = 0; column < columns; column++) mean[column]! /= rows.length;
    return {
      mean,
      // Centred rows weighted by standard normals: their covariance is that of the rows.
      noise: (stream) => {
        const drawn = new Float64Array(columns);
        for (const start of rows) {
          const weight = stream.normal() / Math.sqrt(rows.length);
          for (let column = 0; column < columns; column++) {
            drawn[column]! += weight * (data[start + column]! - mean[column]!);
          }
        }
        return drawn;
      },
    };
  }
}

export interface Neighbourhood {
  /** [columns]. */
  readonly mean: Float64Array;
  /** Draws from N(0, covariance of the neighbours), [columns]. */
  readonly noise: (stream: RandomStream) => Float64Array;
}
