import type { Table } from '@unlikely/data/source';
import { detectError } from '../detect-error.ts';
import { signalOf, untilAborted } from '../abort.ts';
import type { Abortable } from '../abort.ts';
import type { Manifest } from '../artifact/manifest.ts';
import type { ModelFile } from '../artifact/model-file.ts';
import type { EncodedRows } from '../column/feature.ts';
import type { Matrix } from '../matrix.ts';
import { ModelScorer } from '../score/model-scorer.ts';
import type { Platform } from '../platform.ts';
import type { RowRecord } from '../rows.ts';
import { attributeOf, CodeMoments, shiftedCodes } from './attribute.ts';
import type { Attribute } from './attribute.ts';
import { attributeVectorOf, withAttribute } from './kept-attributes.ts';
import type { KeptAttributes } from './kept-attributes.ts';
import { checkCount } from './check-count.ts';
import { codesOfTable } from './codes-of-table.ts';
import { codePath } from './code-path.ts';
import type { PathKind } from './code-path.ts';
import { denoiseRows } from './denoise-rows.ts';
import type { DenoiseLimits } from './denoise-rows.ts';
import { generateRows } from './generate-rows.ts';
import type { GenerateOptions } from './generate-rows.ts';
import { LatentSpace } from './latent-space.ts';
import type {
  CodeBatch,
  DenoisedBatch,
  ReconstructedBatch,
  RowBatch,
  RowOptions,
} from './row-batch.ts';
import { traversal } from './traversal.ts';
import type { Traversal, TraversalOptions } from './traversal.ts';
import { recordsOf, valueColumns } from './value-columns.ts';
import type { ValueColumn } from './value-columns.ts';

/** The generative half of a detector: rows, their codes, and what the decoder makes of codes. */
export abstract class GenerativeDetector {
  protected model: ModelFile;
  protected readonly scorer: ModelScorer;
  readonly #space: LatentSpace;

  /** @param scorer One that was made for the same networks before. */
  protected constructor(
    model: ModelFile,
    platform: Platform,
    scorer: ModelScorer = new ModelScorer(model, platform),
  ) {
    this.model = model;
    this.scorer = scorer;
    this.#space = new LatentSpace(model, this.scorer);
  }

  /** Everything about the model but the numbers of its networks. */
  get manifest(): Manifest {
    return this.model.manifest;
  }

  /** The mean codes of the rows, by the first member of the ensemble. Throws as `score` does. */
  async *encode(table: Table, options: RowOptions = {}): AsyncGenerator<CodeBatch> {
    for await (const { firstRow, ...rows } of this.#batches(table, 'encoding', options)) {
      const codes = await this.#space.encode(rows, options.signal);
      yield { firstRow, rows: rows.rows, codes };
    }
  }

  /**
   * Codes → the rows that the decoder expects.
   *
   * @throws UnlikelyError `detect/input` for codes of another size or without numbers.
   */
  async decode(codes: Matrix, options: Abortable = {}): Promise<RowBatch> {
    return { firstRow: 0, ...(await this.#space.decode(codes, options.signal)) };
  }

  /**
   * The rows that the decoder expects for the codes of a table, in its columns `z0`, `z1`, …
   *
   * @throws UnlikelyError `data/missing-column`, `detect/input` for codes without numbers.
   */
  async *decodeTable(table: Table, options: RowOptions = {}): AsyncGenerator<RowBatch> {
    for await (const { firstRow, codes } of codesOfTable(table, this.#space.size, options)) {
      yield { ...(await this.decode(codes, signalOf(options))), firstRow };
    }
  }

  /** What the whole model, all members and latent points, expects in the place of each row. */
  async *reconstruct(table: Table, options: RowOptions = {}): AsyncGenerator<ReconstructedBatch> {
    const scorer = await this.scorer.scorer('details');
    const width = this.manifest.schema.fields.length;
    const batches = this.#batches(table, 'reconstructing', options);
    for await (const { data, rows, firstRow } of batches) {
      const found = await scorer.run({ rows: data }, rows, options.signal);
      yield {
        firstRow,
        rows,
        data: found.expected,
        original: data.subarray(0, rows * width),
        lower: found.lower,
        upper: found.upper,
      };
    }
  }

  /**
   * `count` new rows in batches.
   *
   * @throws UnlikelyError `detect/input`, `detect/configuration` for a source that there is not.
   */
  generate(count: number, options: GenerateOptions = {}): AsyncGenerator<RowBatch> {
    checkCount('count', count, 0);
    return generateRows(this.model, this.#space, count, options);
  }

  /**
   * `steps` rows on the way from one row of the table to another, both included: what the decoder
   * makes of codes between theirs. Default: 8 steps on the straight line.
   *
   * @throws UnlikelyError `detect/input`, `data/row-out-of-range`.
   */
  async interpolate(
    table: Table,
    [from, to]: readonly [number, number],
    { steps = 8, path = 'linear' }: { readonly steps?: number; readonly path?: PathKind } = {},
  ): Promise<RowBatch> {
    checkCount('steps', steps, 1);
    // Says which row is not there before any is encoded.
    await table.records([from, to], []);
    const [a, b] = [await this.#codeOf(table, from), await this.#codeOf(table, to)];
    return this.decode(codePath(a, b, steps, path));
  }

  /**
   * One latent unit at a time over a range, the others as in a row of a table, or 0.
   *
   * @throws UnlikelyError `detect/configuration` for units, steps or a range that cannot be,
   *   `data/row-out-of-range`.
   */
  async traverse(
    options: TraversalOptions & {
      readonly from?: { readonly table: Table; readonly row: number };
    } = {},
  ): Promise<RowBatch & Pick<Traversal, 'unit' | 'value'>> {
    const { from } = options;
    await from?.table.records([from.row], []);
    const start =
      from === undefined
        ? new Float32Array(this.#space.size)
        : await this.#codeOf(from.table, from.row);
    const { unit, value, codes } = traversal(start, options);
    return { ...(await this.decode(codes)), unit, value };
  }

  /**
   * The vector from rows without a trait to rows with it, not kept yet.
   *
   * @throws UnlikelyError `detect/input` where a set is empty.
   */
  async attributeVector(
    withIt: Table,
    withoutIt: Table,
    options: RowOptions = {},
  ): Promise<Attribute> {
    return attributeOf(
      await this.#momentsOf(withIt, options),
      await this.#momentsOf(withoutIt, options),
    );
  }

  /** The attribute vectors that the model keeps. */
  get attributes(): KeptAttributes {
    return this.manifest.attributes ?? {};
  }

  /** Keeps an attribute vector under a name, in place of what had it, from the next `save` on. */
  keepAttribute(name: string, attribute: Attribute): void {
    const attributes = withAttribute(this.attributes, name, attribute, this.#space.size);
    this.model = { ...this.model, manifest: { ...this.manifest, attributes } };
  }

  /**
   * Rows with `amount` of an attribute added to their codes, decoded; a negative amount takes it away.
   *
   * @param attribute The name of one that the model keeps, or a vector [latentSize].
   * @throws UnlikelyError `detect/configuration` for a name that it does not keep, `detect/input` for a
   *   vector of another size.
   */
  async *transfer(
    table: Table,
    attribute: string | ArrayLike<number>,
    options: RowOptions & { readonly amount?: number } = {},
  ): AsyncGenerator<RowBatch> {
    const vector = attributeVectorOf(this.attributes, attribute);
    const { amount = 1 } = options;
    for await (const { firstRow, codes } of this.encode(table, options)) {
      const moved = shiftedCodes(codes, vector, amount);
      yield { ...(await this.decode(moved, signalOf(options))), firstRow };
    }
  }

  /** Missing and implausible cells replaced by what the model expects; see `denoiseRows`. */
  async *denoise(
    table: Table,
    options: RowOptions & DenoiseLimits = {},
  ): AsyncGenerator<DenoisedBatch> {
    const scorer = await this.scorer.scorer('details');
    const batches = this.#batches(table, 'denoising', options);
    for await (const { firstRow, ...rows } of batches) {
      yield {
        firstRow,
        ...(await denoiseRows(this.model, scorer, rows, options, options.signal)),
      };
    }
  }

  /** Rows in the user's units, as columns of the table; without rows still their names and types. */
  columnsOf(batch: EncodedRows): readonly ValueColumn[] {
    return valueColumns(this.manifest.schema, batch);
  }

  /** Rows in the user's units, as records. */
  recordsOf(batch: EncodedRows): RowRecord[] {
    return recordsOf(this.manifest.schema, batch);
  }

  async #momentsOf(table: Table, options: RowOptions): Promise<CodeMoments> {
    const moments = new CodeMoments(this.#space.size);
    for await (const { codes } of this.encode(table, options)) moments.add(codes);
    return moments;
  }

  /** The code of one row, by its 0-based number. */
  async #codeOf(table: Table, row: number): Promise<Float32Array> {
    checkCount('row', row, 0);
    for await (const { firstRow, rows, data } of this.#batches(table, 'reading', {})) {
      if (row >= firstRow + rows) continue;
      const width = this.manifest.schema.fields.length;
      const own = data.slice((row - firstRow) * width, (row - firstRow + 1) * width);
      return (await this.#space.encode({ data: own, rows: 1 })).data;
    }
    throw detectError('detect/input', `expected a row of the table, got row ${row}`, {
      help: 'Rows are counted from 0.',
    });
  }

  async *#batches(table: Table, what: string, options: RowOptions): AsyncGenerator<RowBatch> {
    const { schema } = this.manifest;
    await table.match(schema);
    const batches = table.batches(schema, {
      ...(options.batchRows === undefined ? {} : { batchRows: options.batchRows }),
      ...signalOf(options),
    });
    yield* untilAborted(batches, what, options);
  }
}
