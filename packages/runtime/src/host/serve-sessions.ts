import type { Runtime, Session } from '../runtime.ts';
import { ownedBuffers, toPlainError } from './protocol.ts';
import type { HostCall, HostCalls, HostMessage, HostReply, RuntimeChoice } from './protocol.ts';

/** Sends a reply; the buffers in `transfer` may change hands with it. */
export type PostReply = (reply: HostReply, transfer: readonly ArrayBuffer[]) => void;

/** Makes the runtime that executes the programs; `onFallback` is told why it is not the preferred one. */
export type StartRuntime = (
  choice: RuntimeChoice,
  onFallback: (message: string) => void,
) => Promise<Runtime>;

type Handlers = {
  [K in HostCall]: (request: HostCalls[K]['request']) => Promise<HostCalls[K]['reply']>;
};

/** The host's half of the protocol. Returns what handles a message; `onEnd` is called at the end. */
export function serveSessions(
  startRuntime: StartRuntime,
  post: PostReply,
  onEnd: () => void,
): (message: HostMessage) => void {
  let runtime: Runtime;
  let defaultThreads: number | undefined;
  const sessions = new Map<number, Session>();

  const handlers: Handlers = {
    async start(request) {
      let fallback: string | undefined;
      runtime = await startRuntime(request, (message) => (fallback = message));
      defaultThreads = request.defaultThreads;
      return { name: runtime.name, version: runtime.version, fallback };
    },
    async create({ session, program, threads = defaultThreads }) {
      const created = await runtime.createSession(
        program,
        threads === undefined ? {} : { threads },
      );
      sessions.set(session, created);
      return { inputNames: created.inputNames, outputNames: created.outputNames };
    },
    run: ({ session, feeds, outputs }) => sessions.get(session)!.run(feeds, outputs),
    async dispose({ session }) {
      await sessions.get(session)?.dispose();
      sessions.delete(session);
      return null;
    },
  };

  return (message) => {
    if (message.call === 'end') {
      void Promise.resolve(runtime?.dispose()).finally(onEnd);
      return;
    }
    const { id, call } = message;
    // The table's key and its request come from one message, which the compiler cannot relate.
    const handler = handlers[call] as (request: unknown) => Promise<HostCalls[HostCall]['reply']>;
    handler(message).then(
      (value) =>
        post({ id, value }, call === 'run' ? ownedBuffers(value as HostCalls['run']['reply']) : []),
      (error: unknown) => post({ id, error: toPlainError(error) }, []),
    );
  };
}
