import type { ModelFile } from '../artifact/model-file.ts';
import type { EncodedRows } from '../column/feature.ts';
import type { Matrix } from '../matrix.ts';
import { encodeMatrix } from '../matrix-schema.ts';
import type { Platform } from '../platform.ts';
import { encodeRows, rowCountOf } from '../rows.ts';
import type { RowRecord, Rows } from '../rows.ts';
import type { ModelScorer, ScoringForms } from '../score/model-scorer.ts';
import { attributeOf, CodeMoments, shiftedCodes } from './attribute.ts';
import { checkCount } from './check-count.ts';
import { codePath } from './code-path.ts';
import type { PathKind } from './code-path.ts';
import { denoiseRows } from './denoise-rows.ts';
import type { DenoiseLimits } from './denoise-rows.ts';
import { generateRows } from './generate-rows.ts';
import type { GenerateOptions } from './generate-rows.ts';
import { LatentSpace } from './latent-space.ts';
import { traversal } from './traversal.ts';
import type { TraversalOptions } from './traversal.ts';
import { recordsOf } from './value-columns.ts';

/** The generative half of a model on matrices and records: rows, their codes, and what comes of codes. */
export abstract class GenerativeModel {
  protected abstract readonly platform: Platform;
  /** Throws `detect/not-fitted`, `detect/disposed`. */
  protected abstract fitted(): ModelFile;
  protected abstract fittedScorer(): ModelScorer;

  /** What the model expects in the place of each row, [rows, fields]; `recordsOf` names categories. */
  async reconstruct(x: Rows): Promise<Matrix> {
    const { expected } = await this.scored(x, 'details');
    return this.#matrixOf({ data: expected as Float64Array, rows: rowCountOf(x) });
  }

  /** The mean code of each row, [rows, latentSize]. */
  async encode(x: Rows): Promise<Matrix> {
    const { rows } = await encodeRows(x, this.platform, this.fitted().manifest.schema);
    return this.#fittedSpace().encode(rows);
  }

  /** Codes [rows, latentSize] → the mean of what the decoder makes of them, in the units of `x`. */
  async decode(codes: Matrix): Promise<Matrix> {
    return this.#matrixOf(await this.#fittedSpace().decode(codes));
  }

  /** `count` new rows, drawn from what the model learnt; see `GenerateOptions`. The same for the same seed. */
  async generate(count: number, options: GenerateOptions = {}): Promise<Matrix> {
    checkCount('count', count, 0);
    const whole = { ...options, batchRows: Math.max(1, count) };
    const made = generateRows(this.fitted(), this.#fittedSpace(), count, whole);
    for await (const batch of made) return this.#matrixOf(batch);
    return this.#matrixOf({ data: new Float64Array(0), rows: 0 });
  }

  /**
   * `steps` rows on the way from one row to another, both included: what the decoder makes of codes
   * between theirs. Default: 8 steps on the straight line; a single step is the first row.
   */
  async interpolate(
    a: Rows,
    b: Rows,
    { steps = 8, path = 'linear' }: { steps?: number; path?: PathKind } = {},
  ): Promise<Matrix> {
    checkCount('steps', steps, 1);
    checkCount('rows of each end', rowCountOf(a), 1, 1);
    checkCount('rows of each end', rowCountOf(b), 1, 1);
    const [from, to] = [await this.encode(a), await this.encode(b)];
    return this.decode(codePath(from.data, to.data, steps, path));
  }

  /** One latent unit at a time over a range, the others as in one row of `x`, or 0: [units × steps, columns]. */
  async traverse(options: TraversalOptions & { x?: Rows } = {}): Promise<Matrix> {
    const { x } = options;
    if (x !== undefined) checkCount('rows to start from', rowCountOf(x), 1, 1);
    const start =
      x === undefined ? new Float32Array(this.#fittedSpace().size) : (await this.encode(x)).data;
    return this.decode(traversal(start, options).codes);
  }

  /** The mean code of rows that have a trait less that of rows that do not, [1, latentSize]. */
  async attributeVector(withIt: Rows, withoutIt: Rows): Promise<Matrix> {
    const { size } = this.#fittedSpace();
    const [present, absent] = [new CodeMoments(size), new CodeMoments(size)];
    present.add(await this.encode(withIt));
    absent.add(await this.encode(withoutIt));
    const { vector } = attributeOf(present, absent);
    return { data: Float32Array.from(vector), rows: 1, columns: size };
  }

  /** Rows with `amount` of an attribute vector added to their codes, decoded; below 0 it is taken away. */
  async transfer(
    x: Rows,
    vector: Matrix,
    { amount = 1 }: { amount?: number } = {},
  ): Promise<Matrix> {
    return this.decode(shiftedCodes(await this.encode(x), vector.data, amount));
  }

  /** Missing and implausible values replaced by what the model expects beside the others. */
  async denoise(x: Rows, limits: DenoiseLimits = {}): Promise<Matrix> {
    const { rows } = await encodeRows(x, this.platform, this.fitted().manifest.schema);
    const scorer = await this.fittedScorer().scorer('details');
    return this.#matrixOf(await denoiseRows(this.fitted(), scorer, rows, limits));
  }

  /** Rows that `reconstruct`, `decode` or `generate` gave, as records in the units of those of `fit`. */
  recordsOf(encoded: Matrix): RowRecord[] {
    const { schema } = this.fitted().manifest;
    encodeMatrix(encoded, schema.fields.length);
    return recordsOf(schema, { data: Float64Array.from(encoded.data), rows: encoded.rows });
  }

  protected async scored<Form extends keyof ScoringForms>(
    x: Rows,
    form: Form,
  ): Promise<Readonly<ScoringForms[Form]>> {
    const { rows } = await encodeRows(x, this.platform, this.fitted().manifest.schema);
    const scorer = await this.fittedScorer().scorer(form);
    return scorer.run({ rows: rows.data }, rows.rows);
  }

  #fittedSpace(): LatentSpace {
    return new LatentSpace(this.fitted(), this.fittedScorer());
  }

  #matrixOf({ data, rows }: EncodedRows): Matrix {
    const columns = this.fitted().manifest.schema.fields.length;
    return { data: Float32Array.from(data), rows, columns };
  }
}
