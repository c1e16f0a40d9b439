import { UnlikelyError } from '@unlikely/graph/error';
import { Lifetime } from './lifetime.ts';
import type { Runtime, Session } from './runtime.ts';

/**
 * One runtime for many users: each call gives a lease of it, which is a runtime to its user. It starts
 * with the first lease and ends with the last; one whose process was lost is replaced at the next lease.
 */
export function sharedRuntime(start: () => Promise<Runtime>): () => Promise<Runtime> {
  let shared: { readonly runtime: Promise<Runtime>; leases: number } | undefined;
  return async () => {
    const held = (shared ??= { runtime: start(), leases: 0 });
    held.leases++;
    const forget = (): void => {
      if (shared === held) shared = undefined;
    };
    const giveBack = async (): Promise<void> => {
      held.leases--;
      if (held.leases > 0) return;
      forget();
      await (await held.runtime).dispose();
    };
    try {
      return lease(await held.runtime, giveBack, forget);
    } catch (error) {
      forget();
      throw error;
    }
  };
}

function lease(runtime: Runtime, giveBack: () => Promise<void>, onLost: () => void): Runtime {
  const lifetime = new Lifetime('runtime');
  const sessions = new Set<Session>();
  const noticing = async <T>(work: Promise<T>): Promise<T> => {
    try {
      return await work;
    } catch (error) {
      if (error instanceof UnlikelyError && error.code === 'runtime/process-lost') onLost();
      throw error;
    }
  };
  const dispose = (): Promise<void> =>
    lifetime.end(async () => {
      await Promise.all([...sessions].map((session) => session.dispose()));
      await giveBack();
    });
  return {
    name: runtime.name,
    version: runtime.version,
    concurrency: runtime.concurrency,
    createSession: (program, options) =>
      lifetime.during(async () => {
        const inner = await noticing(runtime.createSession(program, options));
        const end = async (): Promise<void> => {
          sessions.delete(session);
          await inner.dispose();
        };
        const session: Session = {
          inputNames: inner.inputNames,
          outputNames: inner.outputNames,
          run: (feeds, outputs) => lifetime.during(() => noticing(inner.run(feeds, outputs))),
          dispose: end,
          [Symbol.asyncDispose]: end,
        };
        sessions.add(session);
        return session;
      }),
    dispose,
    [Symbol.asyncDispose]: dispose,
  };
}
