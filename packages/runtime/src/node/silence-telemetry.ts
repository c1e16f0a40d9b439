import process from 'node:process';
import { isMainThread } from 'node:worker_threads';

const variable = 'ORT_DISABLE_TELEMETRY';

/**
 * Keeps ONNX Runtime from collecting and sending what it does: from 1.29 on, its native package does
 * both on Linux and macOS unless the environment says otherwise before it is loaded. A value that
 * the user has set wins, and child processes inherit it.
 *
 * Returns whether the environment has a value now. In a worker thread whose parent did not set one it
 * has none: `process.env` is a copy there, which native code does not see.
 */
export function silenceTelemetry(): boolean {
  if (isMainThread) process.env[variable] ??= '1';
  return process.env[variable] !== undefined;
}
