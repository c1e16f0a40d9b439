import type { Schema, Table } from '@unlikely/data/source';
import { signalOf } from '../../../abort.ts';
import type { Abortable } from '../../../abort.ts';
import type { ModelFile } from '../model.ts';
import type { EncodedRows } from '../column/feature.ts';
import type { Attribute } from '../../../latent/attribute.ts';
import type { KeptAttributes } from '../../../latent/kept-attributes.ts';
import { Latent } from '../../../latent/latent.ts';
import type { AttributeShelf, InterpolationOptions } from '../../../latent/latent.ts';
import type { Traversal, TraversalOptions } from '../../../latent/traversal.ts';
import type { Matrix } from '../../../matrix.ts';
import type { ModelScorer } from '../scorer.ts';
import { codesOfTable } from './codes-of-table.ts';
import { generateRows } from './generate-rows.ts';
import type { GenerateOptions } from './generate-rows.ts';
import { readRow, readRows } from '../column/read-rows.ts';
import type { RowOptions } from '../column/read-rows.ts';
import type { CodeBatch, RowBatch } from './row-batch.ts';
import { RowCodes } from './codes.ts';

/** What a model makes of codes, for the rows of tables: they are read and encoded for `Latent`. */
export class TableLatent {
  readonly #schema: Schema;
  readonly #codes: RowCodes;
  readonly #latent: Latent<EncodedRows>;

  constructor(model: ModelFile, scorer: ModelScorer, shelf: AttributeShelf) {
    this.#schema = model.manifest.schema;
    this.#codes = new RowCodes(model, scorer);
    this.#latent = new Latent(this.#codes, shelf);
  }

  /** The mean codes of the rows, by the first member of the ensemble. Throws as `score` does. */
  async *encode(table: Table, options: RowOptions = {}): AsyncGenerator<CodeBatch> {
    for await (const { firstRow, ...rows } of this.#read(table, options)) {
      yield { firstRow, rows: rows.rows, codes: await this.#latent.encode(rows, options) };
    }
  }

  /**
   * Codes → the rows that the decoder expects.
   *
   * @throws UnlikelyError `detect/input` for codes of another size or without numbers.
   */
  async decode(codes: Matrix, options: Abortable = {}): Promise<RowBatch> {
    return { firstRow: 0, ...(await this.#latent.decode(codes, options)) };
  }

  /**
   * The rows that the decoder expects for the codes of a table, in its columns `z0`, `z1`, …
   *
   * @throws UnlikelyError `data/missing-column`, `detect/input` for codes without numbers.
   */
  async *decodeTable(table: Table, options: RowOptions = {}): AsyncGenerator<RowBatch> {
    for await (const { firstRow, codes } of codesOfTable(table, this.#latent.size, options)) {
      yield { firstRow, ...(await this.#latent.decode(codes, options)) };
    }
  }

  /**
   * `count` new rows in batches.
   *
   * @throws UnlikelyError `detect/input`, `detect/configuration` for a source that there is not.
   */
  generate(count: number, options: GenerateOptions = {}): AsyncGenerator<RowBatch> {
    return generateRows(this.#codes, count, options);
  }

  /** From one row of the table to another; see `Latent`. Throws `data/row-out-of-range`, too. */
  async interpolate(
    table: Table,
    [from, to]: readonly [number, number],
    options: InterpolationOptions = {},
  ): Promise<RowBatch> {
    const ends = [await this.#row(table, from), await this.#row(table, to)] as const;
    return { firstRow: 0, ...(await this.#latent.interpolate(...ends, options)) };
  }

  /** Along latent units from a row of a table, or 0; see `Latent`. Throws `data/row-out-of-range`, too. */
  async traverse({
    from,
    ...options
  }: TraversalOptions & {
    readonly from?: { readonly table: Table; readonly row: number };
  } = {}): Promise<RowBatch & Pick<Traversal, 'unit' | 'value'>> {
    const start = from === undefined ? {} : { from: await this.#row(from.table, from.row) };
    return { firstRow: 0, ...(await this.#latent.traverse({ ...options, ...start })) };
  }

  /** The direction from rows without a trait to rows with it, not kept yet; see `Latent`. */
  attributeVector(withIt: Table, withoutIt: Table, options: RowOptions = {}): Promise<Attribute> {
    const [present, absent] = [this.#read(withIt, options), this.#read(withoutIt, options)];
    return this.#latent.attributeVector(present, absent, options);
  }

  /** The attribute vectors that the model keeps, by name. */
  get attributes(): KeptAttributes {
    return this.#latent.attributes;
  }

  /** Keeps an attribute vector under a name, from the next `save` on; see `Latent`. */
  keepAttribute(name: string, attribute: Attribute): void {
    this.#latent.keepAttribute(name, attribute);
  }

  /** The rows with an attribute added to their codes, decoded; see `Latent`. */
  async *transfer(
    table: Table,
    attribute: string | ArrayLike<number>,
    { amount = 1, ...options }: RowOptions & { readonly amount?: number } = {},
  ): AsyncGenerator<RowBatch> {
    const moving = { amount, ...signalOf(options) };
    for await (const { firstRow, ...rows } of this.#read(table, options)) {
      yield { firstRow, ...(await this.#latent.transfer(rows, attribute, moving)) };
    }
  }

  #read(table: Table, options: RowOptions): AsyncGenerator<RowBatch> {
    return readRows(table, this.#schema, 'encoding', options);
  }

  #row(table: Table, row: number): Promise<EncodedRows> {
    return readRow(table, this.#schema, row);
  }
}
