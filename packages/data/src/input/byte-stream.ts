import { createReadStream } from 'node:fs';
import { createGunzip } from 'node:zlib';
import { dataError } from '../data-error.ts';

/** A file's bytes in parts, out of its gzip where it is compressed. */
export async function* byteStream(path: string, compressed: boolean): AsyncGenerator<Buffer> {
  const file = createReadStream(path, { highWaterMark: 2 ** 18 });
  const bytes = compressed ? file.pipe(createGunzip()) : file;
  // An error of the file would not end the stream behind it.
  if (bytes !== file) file.once('error', (error) => bytes.destroy(error));
  try {
    for await (const part of bytes) yield part as Buffer;
  } catch (cause) {
    throw compressed ? notGzip(path, cause) : notReadable(path, cause);
  } finally {
    file.destroy();
    bytes.destroy();
  }
}

function notGzip(path: string, cause: unknown): Error {
  return dataError('data/unreadable', `expected a complete gzip file, but ${path} is not`, {
    help: 'Compress the file again, or read it uncompressed.',
    details: { path },
    cause,
  });
}

/** The error of a file that the system does not open or read. */
export function notReadable(path: string, cause: unknown): Error {
  return dataError('data/unreadable', `expected a readable file, but ${path} cannot be opened`, {
    help: 'Check the permissions of the file.',
    details: { path },
    cause,
  });
}
