import { untilAborted } from './abort.ts';
import { writeModelFile } from './artifact/model-file.ts';
import { rowHashes } from './known/row-hashes.ts';
import type { Modality, Scoring, Types } from './modality/modality.ts';
import { filesOf } from './platform.ts';
import type { Platform } from './platform.ts';
import { scoreAhead } from './score/score-ahead.ts';

/**
 * Finds items that a model of normal ones holds for unlikely. All kinds of input share this: scores in
 * batches, p-values, thresholds, the model file, what the latent space is used for.
 */
export abstract class Detector<Of extends Types> implements AsyncDisposable {
  protected readonly platform: Platform;
  protected readonly scoring: Of['scoring'] & Scoring<Of>;
  /** New items, codes of items, and what the decoder makes of codes. */
  readonly latent: Of['latent'];
  readonly #modality: Modality<Of>;
  #model: Of['model'];

  protected constructor(modality: Modality<Of>, model: Of['model'], platform: Platform) {
    this.#modality = modality;
    this.#model = model;
    this.platform = platform;
    this.scoring = modality.scoring(model, platform);
    this.latent = modality.latent(model, this.scoring, {
      read: () => this.manifest.attributes ?? {},
      write: (attributes) => this.amend({ attributes } as Partial<Of['manifest']>),
    });
  }

  protected get model(): Of['model'] {
    return this.#model;
  }

  /** Changes what the manifest says beside the networks, from the next `toBytes` on. */
  protected amend(part: Partial<Of['manifest']>): void {
    this.#model = { ...this.#model, manifest: { ...this.manifest, ...part } };
  }

  /** Everything about the model but the numbers of its networks. */
  get manifest(): Of['manifest'] {
    return this.#model.manifest;
  }

  /** The bytes of the model file; the same model gives the same bytes. */
  toBytes(): Promise<Uint8Array> {
    return writeModelFile(this.#modality.format, this.#model);
  }

  /** Writes the model file, whole or not at all. */
  async save(path: string): Promise<{ bytes: number }> {
    const bytes = await this.toBytes();
    await filesOf(this.platform, path).write(path, bytes);
    return { bytes: bytes.length };
  }

  /**
   * Scores the items of a source, in its order and with bounded memory.
   *
   * @throws UnlikelyError `detect/aborted`, `detect/disposed`, those of reading the source, and where it
   *   is not what the model was trained on (`data/missing-column`, `data/retyped-column`).
   */
  async *score(
    source: Of['source'],
    options: Of['scoreOptions'] = {},
  ): AsyncGenerator<Of['scored']> {
    const { fast, hashes } = options;
    const calibration = this.calibrated ? this.scoring.calibrations.of(fast) : undefined;
    const salt = hashes === true ? this.manifest.knownRows?.salt : undefined;
    const numbersOf = (items: Of['items']) => this.scoring.numbersOf(items);
    const scorer = this.scoring
      .itemScorer(options, calibration)
      .then((score) => async (items: Of['items']) => {
        if (salt === undefined) return score(items);
        const known = rowHashes(numbersOf(items), items.rows, salt);
        return { ...(await score(items)), hashes: known };
      });
    // An error is seen where a batch is scored, which a call that is aborted before never comes to.
    scorer.catch(() => undefined);
    const batches = this.scoring.read(source, options);
    const scored = scoreAhead(batches, scorer, (items) => numbersOf(items).byteLength);
    yield* untilAborted(scored, 'scoring', options);
  }

  /** Whether items were kept from training to calibrate with. */
  get calibrated(): boolean {
    return this.manifest.rows.calibration > 0;
  }

  /**
   * The score above which an item is flagged, so that of normal items at most this share is.
   *
   * @throws UnlikelyError `calibrate/too-few` where too few were kept to promise so little,
   *   `detect/uncalibrated` where none were.
   */
  threshold(falsePositiveRate: number, { fast = false }: { fast?: boolean } = {}): number {
    return this.scoring.calibrations.of(fast).threshold(falsePositiveRate);
  }

  /**
   * The score above which items of a whole batch, with these scores, are flagged: of them at most this
   * share is expected to be normal (Benjamini & Hochberg 1995); Infinity where none can be flagged.
   *
   * @throws UnlikelyError `calibrate/too-few` where too few were kept to promise so little,
   *   `detect/uncalibrated` where none were.
   */
  discoveryThreshold(
    scores: Float64Array,
    falseDiscoveryRate: number,
    { fast = false }: { fast?: boolean } = {},
  ): number {
    return this.scoring.calibrations.of(fast).discoveryThreshold(scores, falseDiscoveryRate);
  }

  /** Ends the workers; a second call does nothing. */
  async dispose(): Promise<void> {
    await this.scoring.programs.dispose();
  }

  /** As `dispose`. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.dispose();
  }
}
