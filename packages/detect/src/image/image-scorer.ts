import { selectOutputs, writeModel } from '@unlikely/graph';
import type { Graph } from '@unlikely/graph';
import type { Runtime, RuntimeTensor, Session } from '@unlikely/runtime';
import { detectError } from '../detect-error.ts';

/** What images got, cut to their rows. */
export type ScoredRows = Readonly<Record<string, Float32Array | Float64Array>>;

/** Numbers of the pixels of a block: the program holds some thirty times as many. */
const blockElements = 70_000;
const mostBlockRows = 64;
/**
 * Kernels compute exponentials and logarithms of what is left after whole vectors in another way. A
 * block of so many rows leaves nothing; one of a single row has but one place.
 */
const wholeVectors = 16;

/**
 * Runs a program over images in blocks of one fixed size, the last one filled up with zeros: kernels
 * may add in another order for another number of rows, and an image must get the same bits whatever
 * comes with it.
 */
export class ImageScorer implements AsyncDisposable {
  readonly blockRows: number;
  /** Looks at what was scored before it is handed out; throws where it cannot be used. */
  check: ((scored: ScoredRows) => void) | undefined;
  readonly #session: Session;
  readonly #input: { readonly name: string; readonly shape: readonly number[] };
  readonly #concurrency: number;

  private constructor(
    session: Session,
    input: { readonly name: string; readonly shape: readonly number[] },
    concurrency: number,
    rowElements: number | undefined,
  ) {
    this.#session = session;
    this.#input = input;
    this.#concurrency = concurrency;
    const size = input.shape.reduce((product, side) => product * side, 1);
    const fitting = Math.min(mostBlockRows, Math.floor(blockElements / (rowElements ?? size)));
    this.blockRows = fitting < wholeVectors ? 1 : fitting - (fitting % wholeVectors);
  }

  /**
   * @param graph Takes one float32 input ['rows', …]; every output has rows as its first axis.
   * @param rowElements Numbers of a row that decide how many fit into a block; default those of the input.
   */
  static async create(
    graph: Graph,
    outputs: readonly string[],
    runtime: Runtime,
    rowElements?: number,
  ): Promise<ImageScorer> {
    const selected = selectOutputs(graph, outputs);
    const session = await runtime.createSession(writeModel(selected), { threads: 1 });
    const { shape, node } = graph.inputs[0]!;
    const name = (node.parameters as { readonly name: string }).name;
    const input = { name, shape: shape.slice(1) as readonly number[] };
    return new ImageScorer(session, input, runtime.concurrency, rowElements);
  }

  /** Runs over `rows` rows of `data`; blocks run side by side where the runtime can. */
  async run(data: Float32Array, rows: number, signal?: AbortSignal): Promise<ScoredRows> {
    const blocks = Math.max(1, Math.ceil(rows / this.blockRows));
    const parts: Record<string, RuntimeTensor>[] = [];
    let next = 0;
    const work = async (): Promise<void> => {
      for (let block = next++; block < blocks; block = next++) {
        if (signal?.aborted) {
          throw detectError('detect/aborted', 'scoring was stopped', {
            help: 'Start it again.',
          });
        }
        parts[block] = await this.#runBlock(data, block * this.blockRows, rows);
      }
    };
    await Promise.all(Array.from({ length: 2 * this.#concurrency }, work));
    const scored = joined(parts, this.blockRows, rows);
    this.check?.(scored);
    return scored;
  }

  async #runBlock(
    data: Float32Array,
    start: number,
    rows: number,
  ): Promise<Record<string, RuntimeTensor>> {
    const { name, shape } = this.#input;
    const size = shape.reduce((product, side) => product * side, 1);
    const block = new Float32Array(this.blockRows * size);
    const end = Math.min(rows, start + this.blockRows);
    block.set(data.subarray(start * size, end * size));
    return this.#session.run({
      [name]: { type: 'float32', dimensions: [this.blockRows, ...shape], data: block },
    });
  }

  async dispose(): Promise<void> {
    await this.#session.dispose();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.dispose();
  }
}

function joined(
  parts: readonly Record<string, RuntimeTensor>[],
  blockRows: number,
  rows: number,
): ScoredRows {
  return Object.fromEntries(
    Object.entries(parts[0]!).map(([name, { type, data }]) => {
      const size = data.length / blockRows;
      const whole =
        type === 'float64' ? new Float64Array(rows * size) : new Float32Array(rows * size);
      parts.forEach((part, block) => {
        const kept = Math.min(blockRows, rows - block * blockRows);
        whole.set(
          (part[name]!.data as Float32Array).subarray(0, kept * size),
          block * blockRows * size,
        );
      });
      return [name, whole];
    }),
  );
}
