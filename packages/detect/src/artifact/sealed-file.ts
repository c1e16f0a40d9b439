import { readConstants, readEnvelope, UnlikelyError } from '@unlikely/graph';
import type { StoredConstant } from '@unlikely/graph';
import { detectError } from '../detect-error.ts';
import { parseBoundedJson } from './bounded-json.ts';
import { isSealed } from '../bytes/checksum.ts';
import { shownName, shownValue } from './shown-value.ts';
import { firstFault } from './validation.ts';
import type { Validator } from './validation.ts';

/** A file with its checksum verified, of which nothing else is known yet. */
export interface SealedFile {
  /** The JSON under a key of the metadata. */
  json(key: string): unknown;
  has(key: string): boolean;
  constants(): ReadonlyMap<string, StoredConstant>;
}

/**
 * Opens a file that `writeSealedModel` wrote. The order bounds what a stranger's file costs: first its
 * outermost fields, then its checksum, then its JSON, then its graph.
 *
 * @param keys One of which is in the metadata of every such file.
 * @param foreign The error where none is.
 * @throws UnlikelyError `model/corrupt`.
 */
export async function openSealedFile(
  bytes: Uint8Array,
  keys: readonly string[],
  foreign: () => UnlikelyError,
): Promise<SealedFile> {
  const { metadata } = readOrCorrupt(() => readEnvelope(bytes));
  if (!keys.some((key) => metadata.has(key))) throw foreign();
  if (!(await isSealed(bytes, metadata))) throw corrupt('its checksum does not fit its contents');
  return {
    has: (name) => metadata.has(name),
    json: (name) =>
      readOrCorrupt(() => {
        const range = metadata.get(name);
        if (range === undefined) throw corrupt(`it has no ${name}`);
        const part = bytes.subarray(range.start, range.end);
        return parseBoundedJson(
          new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(part),
        );
      }),
    constants: () => readOrCorrupt(() => readConstants(bytes)),
  };
}

/**
 * The version of a file's layout, if it is one that can be read: looked at before anything else, since a
 * later release may write other things.
 *
 * @throws UnlikelyError `model/too-new`, `model/corrupt`.
 */
export function checkFormatVersion(manifest: unknown, newest: number): number {
  const { formatVersion, version } = (
    typeof manifest === 'object' && manifest !== null ? manifest : {}
  ) as Readonly<Record<string, unknown>>;
  if (typeof formatVersion !== 'number' || formatVersion < 1 || !Number.isInteger(formatVersion)) {
    throw corrupt('its manifest has no version');
  }
  if (formatVersion <= newest) return formatVersion;
  throw detectError(
    'model/too-new',
    `expected a model file of version ${newest}, got version ${formatVersion}, written by release ${shownName(String(version))}`,
    { help: 'Update Unlikely to read this model.' },
  );
}

/** @throws UnlikelyError `model/corrupt` with the place of the first value that is not as it should be. */
export function checked<Value>(validator: Validator<Value>, value: unknown, name: string): Value {
  const fault = firstFault(validator, value);
  if (fault === undefined) return value as Value;
  const place = [name, ...fault.path.map(shownName)].join('.');
  throw corrupt(`${place} should be ${fault.expected}, got ${shownValue(fault.came)}`);
}

/** Anything that goes wrong while a file is read is the file's fault. */
export function readOrCorrupt<Result>(read: () => Result): Result {
  try {
    return read();
  } catch (cause) {
    if (cause instanceof UnlikelyError && cause.code.startsWith('model/')) throw cause;
    throw corrupt(cause instanceof Error ? shownName(cause.message) : String(cause), cause);
  }
}

export function corrupt(reason: string, cause?: unknown): UnlikelyError {
  return detectError('model/corrupt', `expected a whole model file, got a damaged one: ${reason}`, {
    help: 'The file is damaged or was cut short; copy it again from its source or train again.',
    cause,
  });
}
