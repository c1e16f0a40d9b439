import { Lifetime } from '../lifetime.ts';
import type { HostLink } from './link.ts';
import { ownedBuffers } from './protocol.ts';
import type { HostCalls, RuntimeChoice } from './protocol.ts';
import type { Runtime, Session, SessionOptions } from '../runtime.ts';
import { checkTensor } from '../tensor.ts';
import type { RuntimeTensor } from '../tensor.ts';

export interface RemoteRuntimeOptions extends RuntimeChoice {
  readonly onFallback?: ((message: string) => void) | undefined;
  /** Threads of a session that does not name its own; all cores when undefined. */
  readonly defaultThreads: number | undefined;
  /** Runs that one host may hold at once: 2 overlaps the passage of one with the work of another. */
  readonly runsPerHost: number;
  /** Whether the buffers of feeds are given up to the host. */
  readonly isTransferring: boolean;
  /** Milliseconds that a host has to end by itself before it is killed. */
  readonly patience: number;
}

/** A runtime whose sessions live in each of the hosts; a run goes to the first free one. */
export async function remoteRuntime(
  links: readonly HostLink[],
  options: RemoteRuntimeOptions,
): Promise<Runtime> {
  const { prefer, engine, onFallback, defaultThreads, runsPerHost, isTransferring, patience } =
    options;
  const endAll = async (): Promise<void> => {
    await Promise.all(links.map((link) => link.end(patience)));
  };
  const lifetime = new Lifetime('runtime');
  const dispose = (): Promise<void> => lifetime.end(endAll);
  const queue = new FreeQueue(
    links.flatMap((link) => Array.from({ length: runsPerHost }, () => link)),
  );
  let nextSession = 0;

  async function createSession(
    program: Uint8Array,
    { threads }: SessionOptions = {},
  ): Promise<Session> {
    const session = nextSession++;
    const created = await Promise.allSettled(
      links.map((link) => link.request('create', { session, program, threads })),
    );
    const onAllHosts = async (): Promise<void> => {
      await Promise.allSettled(links.map((link) => link.request('dispose', { session })));
    };
    const failed = created.find((result) => result.status === 'rejected');
    if (failed !== undefined) {
      await onAllHosts();
      throw failed.reason;
    }
    const names = (created[0] as PromiseFulfilledResult<HostCalls['create']['reply']>).value;
    const sessionLifetime = new Lifetime('session');
    const disposeSession = (): Promise<void> => sessionLifetime.end(onAllHosts);
    const run: Session['run'] = (feeds, outputs) =>
      lifetime.during(() =>
        sessionLifetime.during(async () => {
          for (const [name, feed] of Object.entries(feeds)) checkTensor(name, feed);
          const link = await queue.take();
          try {
            const transfer = isTransferring ? ownedBuffers(feeds) : [];
            return compact(await link.request('run', { session, feeds, outputs }, transfer));
          } finally {
            queue.give(link);
          }
        }),
      );
    return { ...names, run, dispose: disposeSession, [Symbol.asyncDispose]: disposeSession };
  }

  try {
    const started = await Promise.all(
      links.map((link) => link.request('start', { prefer, engine, defaultThreads })),
    );
    const { name, version, fallback } = started[0]!;
    if (fallback !== undefined) onFallback?.(fallback);
    return {
      name,
      version,
      concurrency: links.length,
      createSession: (program, sessionOptions) =>
        lifetime.during(() => createSession(program, sessionOptions)),
      dispose,
      [Symbol.asyncDispose]: dispose,
    };
  } catch (error) {
    await endAll();
    throw error;
  }
}

/** Things that are used by one at a time, given out in the order of the requests. */
class FreeQueue<T> {
  readonly #free: T[];
  readonly #waiting: ((item: T) => void)[] = [];

  constructor(items: readonly T[]) {
    this.#free = [...items];
  }

  take(): Promise<T> {
    const item = this.#free.shift();
    if (item !== undefined) return Promise.resolve(item);
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  give(item: T): void {
    const next = this.#waiting.shift();
    if (next === undefined) this.#free.push(item);
    else next(item);
  }
}

/** A result that arrived as a view of a whole message would keep all of the message in memory. */
function compact(results: Record<string, RuntimeTensor>): Record<string, RuntimeTensor> {
  const entries = Object.entries(results).map(([name, tensor]) => {
    const { data } = tensor;
    const isWhole = data.byteLength === data.buffer.byteLength;
    return [name, isWhole ? tensor : { ...tensor, data: data.slice() }];
  });
  return Object.fromEntries(entries);
}
