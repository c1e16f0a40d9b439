import { constants, createReadStream, write } from 'node:fs';
import { open } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { setTimeout } from 'node:timers/promises';
import { promisify } from 'node:util';
import type { OutputPlace } from './output-place.ts';

const writeTo = promisify(write);
/** Milliseconds between looks at a pipe that has no reader yet, or is full. */
const pause = 5;

/** Writes the bytes of a file into what is no file of its own: a device, a FIFO, an open descriptor. */
export async function writeThrough(
  from: string,
  place: Exclude<OutputPlace, { kind: 'file' }>,
): Promise<void> {
  if (place.kind === 'descriptor') {
    await copy(from, descriptorWriter(place.descriptor));
    return;
  }
  const file = await openStream(place);
  try {
    await copy(from, (bytes) => writeFully(file.fd, bytes));
  } finally {
    await file.close();
  }
}

async function copy(from: string, send: (bytes: Buffer) => Promise<void>): Promise<void> {
  for await (const part of createReadStream(from)) await send(part as Buffer);
}

/** The streams of the process themselves, where there is one: it knows what else waits to go out. */
function descriptorWriter(descriptor: number): (bytes: Buffer) => Promise<void> {
  const stream = { 1: process.stdout, 2: process.stderr }[descriptor];
  if (stream === undefined) return (bytes) => writeFully(descriptor, bytes);
  return (bytes) =>
    new Promise((resolve, reject) => {
      stream.write(bytes, (error) => (error ? reject(error) : resolve()));
    });
}

/** Opens without blocking, since a thread that waits for the reader of a FIFO cannot be stopped. */
async function openStream({
  path,
  info,
}: Extract<OutputPlace, { kind: 'stream' }>): Promise<FileHandle> {
  if (process.platform === 'win32') return open(path, 'w');
  // The file that another process has open is not ours to empty.
  const append = info?.isFile() === true ? constants.O_APPEND : 0;
  for (;;) {
    try {
      return await open(path, constants.O_WRONLY | constants.O_NONBLOCK | append);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENXIO' || info?.isFIFO() !== true) throw error;
      await setTimeout(10 * pause);
    }
  }
}

async function writeFully(descriptor: number, bytes: Buffer): Promise<void> {
  for (let done = 0; done < bytes.length;) {
    try {
      done += (await writeTo(descriptor, bytes, done, bytes.length - done, null)).bytesWritten;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error;
      await setTimeout(pause);
    }
  }
}
