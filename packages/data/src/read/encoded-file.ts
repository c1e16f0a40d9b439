import { open, rm, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { databaseFailure } from '../database-failure.ts';
import type { Relation } from '../relation.ts';
import type { Schema } from '../schema.ts';
import { readBatches } from './batches.ts';

let files = 0;

/** The encoded rows of a relation in a file that goes with its database, read at any place. */
export class EncodedFile {
  readonly rows: number;
  readonly width: number;
  readonly #file: FileHandle;

  private constructor(file: FileHandle, rows: number, width: number) {
    this.#file = file;
    this.rows = rows;
    this.width = width;
  }

  /** Encodes all rows; the disk must hold 8 bytes a cell. */
  static async write(relation: Relation, schema: Schema): Promise<EncodedFile> {
    const path = join(relation.database.directory, `encoded-${files++}`);
    const file = await open(path, 'w+');
    let rows = 0;
    try {
      for await (const batch of readBatches(relation, schema)) {
        await writeFully(file, batch.data);
        rows += batch.rows;
      }
    } catch (error) {
      await file.close();
      await rm(path, { force: true });
      throw databaseFailure(error);
    }
    relation.database.beforeClose(() => file.close());
    return new EncodedFile(file, rows, schema.fields.length);
  }

  /** Reads `rows` rows from row `first` into `target` at `offset`. */
  async read(first: number, rows: number, target: Float64Array, offset: number): Promise<void> {
    const bytes = Buffer.from(target.buffer, target.byteOffset + offset * 8, rows * this.width * 8);
    let done = 0;
    while (done < bytes.length) {
      const position = first * this.width * 8 + done;
      const { bytesRead } = await this.#file.read(bytes, done, bytes.length - done, position);
      if (bytesRead === 0) throw databaseFailure(new Error('the temporary file is cut short'));
      done += bytesRead;
    }
  }
}

async function writeFully(file: FileHandle, data: Float64Array): Promise<void> {
  const bytes = Buffer.from(data.buffer, data.byteOffset, data.byteLength);
  for (let done = 0; done < bytes.length;) {
    done += (await file.write(bytes, done)).bytesWritten;
  }
}
