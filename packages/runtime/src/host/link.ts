import type { UnlikelyError } from '@unlikely/graph/error';
import { runtimeError } from '../runtime-error.ts';
import type { RuntimeErrorCode } from '../error-code.ts';
import { fromPlainError } from './protocol.ts';
import type { HostCall, HostCalls, HostMessage, HostReply } from './protocol.ts';

/** The parent's end of a channel to a child process or a worker. */
export interface HostChannel {
  post(message: HostMessage, transfer: readonly ArrayBuffer[]): void;
  /** Whether the channel keeps this process alive: only while a reply is awaited. */
  keepAlive(isNeeded: boolean): void;
  /** Ends the host by force. */
  kill(): void;
  onReply(listener: (reply: HostReply) => void): void;
  /** The host has ended; `reason` says how, in words, for example "exit code 1". */
  onEnded(listener: (reason: string) => void): void;
}

interface Pending {
  readonly resolve: (value: never) => void;
  readonly reject: (error: Error) => void;
}

/** Matches replies with requests, and fails what is pending when the host is lost. */
export class HostLink {
  readonly #channel: HostChannel;
  readonly #pending = new Map<number, Pending>();
  readonly #ended: Promise<void>;
  #endReason: string | undefined;
  #nextId = 0;

  constructor(channel: HostChannel) {
    this.#channel = channel;
    channel.onReply((reply) => this.#settle(reply));
    this.#ended = new Promise((resolve) => {
      channel.onEnded((reason) => {
        this.#endReason ??= reason;
        for (const { reject } of this.#pending.values()) reject(lost(this.#endReason));
        this.#pending.clear();
        resolve();
      });
    });
    channel.keepAlive(false);
  }

  request<K extends HostCall>(
    call: K,
    request: HostCalls[K]['request'],
    transfer: readonly ArrayBuffer[] = [],
  ): Promise<HostCalls[K]['reply']> {
    if (this.#endReason !== undefined) return Promise.reject(lost(this.#endReason));
    return new Promise((resolve, reject) => {
      const id = this.#nextId++;
      this.#channel.post({ ...request, call, id } as unknown as HostMessage, transfer);
      this.#pending.set(id, { resolve, reject });
      this.#channel.keepAlive(true);
    });
  }

  /** Asks the host to end, and kills it after `patience` milliseconds. */
  async end(patience: number): Promise<void> {
    if (this.#endReason !== undefined) return;
    this.#channel.keepAlive(true);
    this.#channel.post({ call: 'end' }, []);
    const timer = setTimeout(() => this.#channel.kill(), patience);
    await this.#ended;
    clearTimeout(timer);
  }

  #settle(reply: HostReply): void {
    const pending = this.#pending.get(reply.id);
    this.#pending.delete(reply.id);
    if (this.#pending.size === 0) this.#channel.keepAlive(false);
    if ('error' in reply) pending?.reject(fromPlainError(reply.error));
    else pending?.resolve(reply.value as never);
  }
}

function lost(reason: string): UnlikelyError<RuntimeErrorCode> {
  return runtimeError(
    'runtime/process-lost',
    `The process or worker that executes programs must stay alive, but it ended (${reason}).`,
    {
      help: 'Start it again; if it ends again, give the machine more memory or use smaller batches.',
      details: { reason },
    },
  );
}
