import { selectOutputs, writeModel } from '@unlikely/graph';
import type { Graph, UnlikelyError } from '@unlikely/graph';
import type { Runtime, RuntimeTensor, Session } from '@unlikely/runtime';
import { detectError } from '../detect-error.ts';

/** What a block of rows got, cut to its rows. */
export type ScoredBlock = Readonly<Record<string, Float32Array | Float64Array>>;

/** Elements of the largest tensor of a block: a few times what the caches hold is slower. */
const blockElements = 400_000;

/**
 * Runs a scoring program in blocks of one fixed size, the last one filled up with zeros: kernels may
 * add in another order for another number of rows, and a row must get the same bits whatever comes
 * with it.
 */
export class Scorer implements AsyncDisposable {
  readonly blockRows: number;
  /** Looks at what was scored before it is handed out; throws where it cannot be used. */
  check: ((block: ScoredBlock) => void) | undefined;
  readonly #session: Session;
  readonly #completeSession: Session;
  readonly #width: number;
  readonly #concurrency: number;
  readonly #rowAxes: ReadonlyMap<string, number>;

  private constructor(
    session: Session,
    completeSession: Session,
    width: number,
    blockRows: number,
    concurrency: number,
    rowAxes: ReadonlyMap<string, number>,
  ) {
    this.#session = session;
    this.#completeSession = completeSession;
    this.#width = width;
    this.blockRows = blockRows;
    this.#concurrency = concurrency;
    this.#rowAxes = rowAxes;
  }

  /**
   * @param graph Takes `rows` float64 ['rows', width]; every output has one axis of that name, the
   *   first or the second.
   * @param outputs Those wanted; what only the others need is not computed.
   * @param rowElements Elements of the largest tensor for one row.
   * @param completeGraph The same for rows without missing values, where that is less work.
   */
  static async create(
    graph: Graph,
    outputs: readonly string[],
    runtime: Runtime,
    rowElements: number,
    completeGraph?: Graph,
  ): Promise<Scorer> {
    const selected = selectOutputs(graph, outputs);
    const rowAxes = selected.outputs.map(
      ({ name, tensor }) => [name, tensor.shape.indexOf('rows')] as const,
    );
    const open = (program: Graph): Promise<Session> =>
      runtime.createSession(writeModel(selectOutputs(program, outputs)), { threads: 1 });
    const session = await open(graph);
    const completeSession = completeGraph === undefined ? session : await open(completeGraph);
    const width = graph.inputs[0]!.shape[1] as number;
    const fitting = Math.floor(blockElements / rowElements / 16) * 16;
    const blockRows = Math.max(16, Math.min(1024, fitting));
    const { concurrency } = runtime;
    return new Scorer(session, completeSession, width, blockRows, concurrency, new Map(rowAxes));
  }

  /** Scores `rows` rows of `data` [rows, width]; blocks run side by side where the runtime can. */
  async score(data: Float64Array, rows: number, signal?: AbortSignal): Promise<ScoredBlock> {
    const starts = Array.from(
      // Without rows one empty block still says which outputs there are.
      { length: Math.max(1, Math.ceil(rows / this.blockRows)) },
      (_, block) => block * this.blockRows,
    );
    const parts: Record<string, RuntimeTensor>[] = [];
    let next = 0;
    const work = async (): Promise<void> => {
      for (let block = next++; block < starts.length; block = next++) {
        if (signal?.aborted) throw stopped();
        parts[block] = await this.#run(data, starts[block]!, rows);
      }
    };
    await Promise.all(Array.from({ length: 2 * this.#concurrency }, work));
    const block = join(parts, this.#rowAxes, this.blockRows, rows);
    this.check?.(block);
    return block;
  }

  async #run(
    data: Float64Array,
    start: number,
    rows: number,
  ): Promise<Record<string, RuntimeTensor>> {
    const block = new Float64Array(this.blockRows * this.#width);
    const end = Math.min(rows, start + this.blockRows);
    block.set(data.subarray(start * this.#width, end * this.#width));
    const session = hasNaN(block) ? this.#session : this.#completeSession;
    return session.run({
      rows: { type: 'float64', dimensions: [this.blockRows, this.#width], data: block },
    });
  }

  async dispose(): Promise<void> {
    await this.#session.dispose();
    await this.#completeSession.dispose();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.dispose();
  }
}

/** A loop, since a call for each value is a tenth of the time of a fast score. */
function hasNaN(values: Float64Array): boolean {
  for (let index = 0; index < values.length; index++) {
    if (Number.isNaN(values[index]!)) return true;
  }
  return false;
}

/** Blocks [blockRows, …] or [members, blockRows, …] one after another. */
function join(
  parts: readonly Record<string, RuntimeTensor>[],
  rowAxes: ReadonlyMap<string, number>,
  blockRows: number,
  rows: number,
): ScoredBlock {
  const names = Object.keys(parts[0] ?? {});
  return Object.fromEntries(
    names.map((name) => {
      const tensors = parts.map((part) => part[name]!);
      const { dimensions, type } = tensors[0]!;
      const axis = rowAxes.get(name)!;
      const outer = axis === 0 ? 1 : dimensions[0]!;
      const inner = dimensions.slice(axis + 1).reduce((product, size) => product * size, 1);
      const joined =
        type === 'float64'
          ? new Float64Array(outer * rows * inner)
          : new Float32Array(outer * rows * inner);
      tensors.forEach((tensor, block) => {
        const kept = Math.min(blockRows, rows - block * blockRows);
        for (let lead = 0; lead < outer; lead++) {
          const from = lead * blockRows * inner;
          const to = (lead * rows + block * blockRows) * inner;
          const values = tensor.data as Float32Array;
          joined.set(values.subarray(from, from + kept * inner), to);
        }
      });
      return [name, joined];
    }),
  );
}

function stopped(): UnlikelyError {
  return detectError('detect/aborted', 'scoring was stopped', {
    help: 'Start it again.',
  });
}
