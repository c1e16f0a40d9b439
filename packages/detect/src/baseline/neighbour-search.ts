/**
 * Exact nearest neighbours among at most 5,000 reference rows, by brute force with two shortcuts
 * that never change an answer: references are visited by their difference in norm, which bounds the
 * distance from below (|‖q‖ − ‖r‖| <= ‖q − r‖), and a distance is given up once it exceeds the best.
 * Trees are no help at a hundred columns, and the published packages are such trees.
 */
import type { RandomStream } from '@unlikely/graph';
import type { Matrix } from '../matrix.ts';
import { sampleRows } from './sample-rows.ts';

const mostReferences = 5_000;
/** Columns between two looks at the best distance so far; rows are padded to a multiple of it. */
const block = 8;

/** The nearest references of a row, nearest first; overwritten by the next search. */
export interface Neighbours {
  /** Squared distances. */
  readonly squared: Float64Array;
  /** Places of the references, 0 … `size` − 1. */
  readonly places: Int32Array;
}

export class NeighbourSearch {
  /** The number of reference rows, at most 5,000. */
  readonly size: number;
  readonly #columnOrder: Int32Array;
  readonly #width: number;
  readonly #references: Float64Array;
  readonly #norms: Float64Array;
  readonly #query: Float64Array;
  readonly #rows: Int32Array;

  constructor(x: Matrix, stream: RandomStream) {
    const rows = sampleRows(x.rows, mostReferences, stream);
    this.size = rows.length;
    this.#columnOrder = columnsByVariance(x, rows);
    this.#width = Math.ceil(x.columns / block) * block;
    this.#query = new Float64Array(this.#width);
    const norms = Float64Array.from(rows, (row) => this.#load(x, row));
    const order = Int32Array.from(rows, (_, place) => place);
    order.sort((a, b) => norms[a]! - norms[b]! || a - b);
    this.#rows = order.map((place) => rows[place]!);
    this.#norms = Float64Array.from(order, (place) => norms[place]!);
    this.#references = new Float64Array(this.size * this.#width);
    order.forEach((place, index) => {
      this.#load(x, rows[place]!);
      this.#references.set(this.#query, index * this.#width);
    });
  }

  /** The row of the training matrix that is the reference at `place`. */
  rowAt(place: number): number {
    return this.#rows[place]!;
  }

  /**
   * Fills `found` with the nearest references of row `row` of `x`; it may hold no more than there are.
   */
  search(x: Matrix, row: number, found: Neighbours): void {
    this.#nearest(this.#load(x, row), found, -1);
  }

  /** The same for the reference at `place`, itself excepted. */
  searchAround(place: number, found: Neighbours): void {
    this.#query.set(this.#references.subarray(place * this.#width, (place + 1) * this.#width));
    this.#nearest(this.#norms[place]!, found, place);
  }

  /** Makes `row` the query and returns its norm. */
  #load(x: Matrix, row: number): number {
    let squares = 0;
    for (let j = 0; j < x.columns; j++) {
      const value = x.data[row * x.columns + this.#columnOrder[j]!]!;
      this.#query[j] = value;
      squares += value * value;
    }
    return Math.sqrt(squares);
  }

  #nearest(norm: number, { squared, places }: Neighbours, except: number): void {
    const norms = this.#norms;
    const last = squared.length - 1;
    squared.fill(Infinity);
    // Norms are rounded: the bound gives way by more than their error.
    const slack = norm * 1e-12;
    let above = lowerBound(norms, norm);
    let below = above - 1;
    while (below >= 0 || above < this.size) {
      const gapBelow = below >= 0 ? norm - norms[below]! : Infinity;
      const gapAbove = above < this.size ? norms[above]! - norm : Infinity;
      const gap = Math.min(gapBelow, gapAbove) - slack;
      if (gap > 0 && gap * gap > squared[last]!) break;
      const place = gapBelow < gapAbove ? below-- : above++;
      if (place === except) continue;
      const distance = this.#squaredDistance(place, squared[last]!);
      if (distance >= squared[last]!) continue;
      let at = last;
      for (; at > 0 && squared[at - 1]! > distance; at--) {
        squared[at] = squared[at - 1]!;
        places[at] = places[at - 1]!;
      }
      squared[at] = distance;
      places[at] = place;
    }
  }

  /** Exact if it is below `limit`; else some number of at least `limit`. */
  #squaredDistance(place: number, limit: number): number {
    const query = this.#query;
    const references = this.#references;
    const width = this.#width;
    let sum = 0;
    for (let j = 0, at = place * width; j < width; j += block, at += block) {
      const a = query[j]! - references[at]!;
      const b = query[j + 1]! - references[at + 1]!;
      const c = query[j + 2]! - references[at + 2]!;
      const d = query[j + 3]! - references[at + 3]!;
      const e = query[j + 4]! - references[at + 4]!;
      const f = query[j + 5]! - references[at + 5]!;
      const g = query[j + 6]! - references[at + 6]!;
      const h = query[j + 7]! - references[at + 7]!;
      sum += a * a + b * b + (c * c + d * d) + (e * e + f * f + (g * g + h * h));
      if (sum >= limit) return sum;
    }
    return sum;
  }
}

/** Room for the nearest `count` references. */
export function neighbours(count: number): Neighbours {
  return { squared: new Float64Array(count), places: new Int32Array(count) };
}

/** Columns that vary most first: a distance then grows early and is given up early. */
function columnsByVariance({ data, columns }: Matrix, rows: Int32Array): Int32Array {
  const variance = new Float64Array(columns);
  for (let j = 0; j < columns; j++) {
    let sum = 0;
    let squares = 0;
    for (const row of rows) {
      const value = data[row * columns + j]!;
      sum += value;
      squares += value * value;
    }
    variance[j] = squares - (sum * sum) / rows.length;
  }
  const order = Int32Array.from(variance, (_, column) => column);
  return order.sort((a, b) => variance[b]! - variance[a]! || a - b);
}

function lowerBound(ascending: Float64Array, value: number): number {
  let low = 0;
  let high = ascending.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (ascending[middle]! < value) low = middle + 1;
    else high = middle;
  }
  return low;
}
