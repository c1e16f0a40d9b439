import { inputNameOf, selectOutputs, writeModel } from '@unlikely/graph';
import type { Graph } from '@unlikely/graph';
import type { Runtime, RuntimeTensor, Session, TensorType } from '@unlikely/runtime';
import { abortedError } from '../abort.ts';
import type { Outputs, Program } from './program.ts';

export interface BlocksOptions<Of extends object, Name extends keyof Of> {
  /**
   * Its inputs have an axis `rows` first, its outputs have one first or second. The same of every row,
   * whatever comes with it.
   */
  readonly program: Program<Of>;
  /** Those wanted; what only the others need is not computed. */
  readonly outputs: readonly Name[];
  /** Rows that run at once, a multiple of 16 or 1: see `tableBlockRows` and `imageBlockRows`. */
  readonly blockRows: number;
  /** The same for rows without NaN, where that is less work. */
  readonly complete?: Program<Of>;
  /** Looks at what was found before it is handed out; throws where it cannot be used. */
  readonly check?: (found: Outputs) => void;
}

interface Input {
  readonly name: string;
  readonly type: TensorType;
  /** Of one row. */
  readonly shape: readonly number[];
  readonly size: number;
}

type Numbers = Float32Array | Float64Array;

/**
 * Runs a program over rows in blocks of one fixed size, the last one filled up with zeros: kernels may
 * add in another order for another number of rows, and a row must get the same bits whatever comes
 * with it.
 */
export class Blocks<Of extends object = Outputs> implements AsyncDisposable {
  readonly blockRows: number;
  readonly #session: Session;
  readonly #completeSession: Session;
  readonly #inputs: readonly Input[];
  readonly #concurrency: number;
  readonly #rowAxes: ReadonlyMap<string, number>;
  readonly #check: ((found: Outputs) => void) | undefined;

  private constructor(
    graph: Graph,
    sessions: { readonly any: Session; readonly complete: Session },
    concurrency: number,
    { blockRows, check }: Pick<BlocksOptions<Of, keyof Of>, 'blockRows' | 'check'>,
  ) {
    this.#session = sessions.any;
    this.#completeSession = sessions.complete;
    this.blockRows = blockRows;
    this.#concurrency = concurrency;
    this.#check = check;
    this.#inputs = graph.inputs.map((tensor) => {
      const shape = tensor.shape.slice(1) as number[];
      const size = shape.reduce((product, side) => product * side, 1);
      return { name: inputNameOf(tensor), type: tensor.type, shape, size };
    });
    this.#rowAxes = new Map(
      graph.outputs.map(({ name, tensor }) => [name, tensor.shape.indexOf('rows')]),
    );
  }

  static async open<Of extends object, Name extends keyof Of & string>(
    options: BlocksOptions<Of, Name>,
    runtime: Runtime,
  ): Promise<Blocks<Pick<Of, Name>>> {
    const { program, outputs, complete } = options;
    const graph = selectOutputs(program, outputs);
    const session = (of: Graph): Promise<Session> =>
      runtime.createSession(writeModel(of), { threads: 1 });
    const any = await session(graph);
    const sessions = {
      any,
      complete: complete === undefined ? any : await session(selectOutputs(complete, outputs)),
    };
    return new Blocks<Pick<Of, Name>>(graph, sessions, runtime.concurrency, options);
  }

  /**
   * Runs over `rows` rows of feeds [rows, …]; blocks run side by side where the runtime can.
   *
   * @throws UnlikelyError `detect/aborted`.
   */
  async run(
    feeds: Readonly<Record<string, Numbers>>,
    rows: number,
    signal?: AbortSignal,
  ): Promise<Readonly<Of>> {
    // Without rows one empty block still says which outputs there are.
    const count = Math.max(1, Math.ceil(rows / this.blockRows));
    const parts: Record<string, RuntimeTensor>[] = [];
    let next = 0;
    const work = async (): Promise<void> => {
      for (let block = next++; block < count; block = next++) {
        if (signal?.aborted) throw abortedError(signal, 'scoring was stopped');
        parts[block] = await this.#runBlock(feeds, block * this.blockRows, rows);
      }
    };
    await Promise.all(Array.from({ length: 2 * this.#concurrency }, work));
    const found = this.#joined(parts, rows);
    this.#check?.(found);
    return found as Of;
  }

  async #runBlock(
    feeds: Readonly<Record<string, Numbers>>,
    start: number,
    rows: number,
  ): Promise<Record<string, RuntimeTensor>> {
    const end = Math.min(rows, start + this.blockRows);
    let isComplete = true;
    const tensors = this.#inputs.map(({ name, type, shape, size }) => {
      const values = feeds[name]!.subarray(start * size, end * size);
      const data = new (type === 'float64' ? Float64Array : Float32Array)(this.blockRows * size);
      data.set(values);
      isComplete &&= !hasNaN(data);
      return [name, { type, dimensions: [this.blockRows, ...shape], data }] as const;
    });
    const session = isComplete ? this.#completeSession : this.#session;
    return session.run(Object.fromEntries(tensors) as Record<string, RuntimeTensor>);
  }

  /** Blocks [blockRows, …] or [members, blockRows, …] one after another. */
  #joined(parts: readonly Record<string, RuntimeTensor>[], rows: number): Outputs {
    const joined = Object.entries(parts[0] ?? {}).map(([name, { dimensions, type }]) => {
      const axis = this.#rowAxes.get(name)!;
      const outer = axis === 0 ? 1 : dimensions[0]!;
      const inner = dimensions.slice(axis + 1).reduce((product, size) => product * size, 1);
      const whole = new (type === 'float64' ? Float64Array : Float32Array)(outer * rows * inner);
      parts.forEach((part, block) => {
        const values = part[name]!.data as Numbers;
        const first = block * this.blockRows;
        const kept = Math.min(this.blockRows, rows - first);
        for (let lead = 0; lead < outer; lead++) {
          const from = lead * this.blockRows * inner;
          whole.set(values.subarray(from, from + kept * inner), (lead * rows + first) * inner);
        }
      });
      return [name, whole] as const;
    });
    return Object.fromEntries(joined);
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
function hasNaN(values: Numbers): boolean {
  for (let index = 0; index < values.length; index++) {
    if (Number.isNaN(values[index]!)) return true;
  }
  return false;
}
