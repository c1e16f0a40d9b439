/**
 * What a report is made of. The interfaces name only what the page reads, so that a detector's
 * manifest, explanations and evaluation fit as they are, and a report can be drawn without a model.
 */
import type { ImageSettings } from '@unlikely/data/source';
import type {
  CalibrationPoint,
  Confusion,
  Explanation,
  FieldExplanation,
  Manifest,
  ValueResult,
  Words,
} from '@unlikely/detect';

/** Everything one report shows. The same data gives the same page, to the byte. */
export interface ReportData {
  /** The table that was scored, as the user named it. */
  readonly source: string;
  /** How its rows are spoken of. */
  readonly words: Words;
  /** When the report was made, in the words to print; left out where absent. */
  readonly generatedAt?: string;
  /** What the page shows of the model. */
  readonly model: ReportModel;
  /** The scores, and what is flagged. */
  readonly scored: ScoredSummary;
  /** By falling score; the page shows the first 20. Of images, the gallery stands in their place. */
  readonly anomalies: readonly ReportAnomaly[];
  /** Present where the rows are images. */
  readonly gallery?: ReportGallery;
  /** At most 3,000 are drawn; of more, those with the highest scores and every n-th other. */
  readonly latentMap?: readonly LatentPoint[];
  /** Present where the labels are known. */
  readonly evaluation?: ReportEvaluation;
  /** What must be known of the figures, each a sentence. */
  readonly notes?: readonly string[];
}

export interface ScoredSummary {
  readonly rows: number;
  readonly flagged: number;
  /** Rows above it are flagged. */
  readonly threshold: number;
  /** What the threshold promises for normal rows, 0 to 1; null where the user chose the threshold. */
  readonly falsePositiveRate: number | null;
  /** All scores, in nats; values that are not finite are left out of the histogram. */
  readonly scores: Float64Array;
  /** Of each score the class, which has a histogram of its own. */
  readonly classes?: readonly (string | null)[];
  /** Of each score whether its label is that of an anomaly, where that is known of some. */
  readonly anomalous?: Uint8Array;
}

/** One field of a row in words. */
export type ReportFeature = FieldExplanation;

/** A row and why it is unlikely. */
export interface ReportAnomaly extends Explanation {
  /** The label, where one is known. */
  readonly isAnomaly?: boolean;
  /** The row as it stands in the table. */
  readonly record?: Readonly<Record<string, unknown>>;
}

/** A row in the plane of the two main directions of the latent codes. */
export interface LatentPoint {
  readonly x: number;
  readonly y: number;
  readonly score: number;
  /** The label, where one is known. */
  readonly isAnomaly?: boolean;
  /** Its class, which colours it. */
  readonly class?: string | null;
}

/** Images of both ends of the ranking, with what the model expects in their place. */
export interface ReportGallery {
  /** By falling score. */
  readonly leastLikely: readonly GalleryImage[];
  /** By rising score. */
  readonly mostLikely: readonly GalleryImage[];
  /** Of the pictures, in pixels. */
  readonly width: number;
  readonly height: number;
}

export interface GalleryImage {
  readonly row: number;
  readonly name: string;
  readonly score: number;
  /** NaN where the score draws no random numbers. */
  readonly standardError: number;
  readonly pValue: number;
  readonly label?: string | null;
  readonly isAnomaly?: boolean;
  /** Original, expectation and heat map beside one another, as a PNG file. */
  readonly png: Uint8Array;
}

/** What the page shows of a model's manifest: columns of a table's, pixels of an image model's. */
export interface ReportModel extends Pick<Manifest, 'version' | 'history' | 'fingerprint'> {
  readonly configuration: object;
  readonly rows: Pick<Manifest['rows'], 'read' | 'trained' | 'calibration'>;
  readonly health: Pick<Manifest['health'], 'verdict' | 'findings' | 'activeUnits'> &
    Partial<Manifest['health']>;
  readonly contamination?: Manifest['contamination'];
  readonly label?: { readonly column: string; readonly normal: readonly string[] };
  readonly schema?: Manifest['schema'];
  readonly settings?: ImageSettings;
  /** Why images are scored as they are. */
  readonly scoreReason?: string;
}

/** What the page shows of a threshold. */
export type ReportConfusion = Omit<Confusion, 'accuracy' | 'falsePositiveRate'>;

export interface CurvePoint {
  readonly x: number;
  readonly y: number;
}

export interface ReportEvaluation {
  /** Labelled rows. */
  readonly rows: number;
  /** Anomalies among them. */
  readonly anomalies: number;
  /** Of all labelled rows, also of those that do not count: what precision is for. */
  readonly anomalyShare: number;
  readonly metrics: {
    readonly auroc: number | null;
    readonly averagePrecision: number | null;
    readonly atThreshold: ReportConfusion;
    /** The threshold with the best F1 on these labels: an upper bound. */
    readonly best: ReportConfusion | null;
  };
  /** `rows`: how many the baseline was measured on. */
  readonly baselines: readonly {
    readonly name: string;
    readonly auroc: number | null;
    readonly averagePrecision: number | null;
    readonly rows: number;
    /** The model's own area under the ROC curve on these rows, where they are not all. */
    readonly ours?: number | null;
  }[];
  /** Per value of the label. */
  readonly byValue: readonly Omit<ValueResult, 'normal'>[];
  /** False positive rates; `bound` is what an honest promise does not exceed with 99 %. */
  readonly calibration: readonly Pick<CalibrationPoint, 'promised' | 'observed' | 'bound'>[];
  /** x: false positive rate, y: true positive rate. */
  readonly roc: readonly CurvePoint[];
  /** x: recall, y: precision. */
  readonly precisionRecall: readonly CurvePoint[];
  /** [rows] in nats. */
  readonly scores: Float64Array;
  /** [rows] 1 for an anomaly. */
  readonly labels: Uint8Array;
}
