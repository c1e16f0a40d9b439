import type { Files, OpenFile } from '@unlikely/data/source';
import { readEnvelopeOf, UnlikelyError } from '@unlikely/graph';
import type { ModelEnvelope } from '@unlikely/graph';
import { detectError } from '../detect-error.ts';
import { corrupt } from './sealed-file.ts';

/** Files of a protocol buffer are no larger. */
const mostBytes = 2 ** 31 - 1;

/**
 * The bytes of a model file or a checkpoint. What is no such file is refused by its first bytes,
 * however large it is.
 *
 * @throws UnlikelyError `detect/input` for what is no path, `model/unreadable` where there is no such file, it may not be read or is no
 *   regular one; `model/corrupt` where it cannot be a model.
 */
export async function readModelBytes(path: string, files: Files): Promise<Uint8Array> {
  if (typeof path !== 'string') {
    throw detectError('detect/input', `expected the path of a model file, got ${String(path)}`, {
      help: '`fromBytes` takes the bytes of one.',
    });
  }
  await using file = await files.open(path).catch((cause: unknown) => {
    throw unreadable(path, cause);
  });
  try {
    await envelopeOf(file);
    return await file.read(0, file.size);
  } catch (cause) {
    if (!(cause instanceof UnlikelyError)) throw unreadable(path, cause);
    throw cause.code === 'onnx/corrupt' ? corrupt(cause.message, cause) : cause;
  }
}

/**
 * The metadata of a model file and the first bytes of one entry, where there is one; nothing more is read.
 *
 * @throws UnlikelyError as `readModelBytes` does.
 */
export async function readModelStart(
  path: string,
  files: Files,
  key: string,
  most: number,
): Promise<{
  readonly metadata: ModelEnvelope['metadata'];
  readonly start: Uint8Array | undefined;
}> {
  await using file = await files.open(path);
  const { metadata } = await envelopeOf(file);
  const range = metadata.get(key);
  const start = range && file.read(range.start, Math.min(range.end, range.start + most));
  return { metadata, start: await start };
}

function envelopeOf(file: OpenFile): Promise<ModelEnvelope> {
  if (file.size > mostBytes) {
    throw corrupt(`it has ${file.size} bytes, more than an ONNX file may have`);
  }
  return readEnvelopeOf(file.size, ({ start, end }) => file.read(start, end));
}

function unreadable(path: string, cause: unknown): UnlikelyError {
  const { code, message } = cause as Error & { readonly code?: string };
  return detectError(
    'model/unreadable',
    `expected a model file at ${path}, got ${code ?? message}`,
    { help: 'Check the path and the permissions.', cause },
  );
}
