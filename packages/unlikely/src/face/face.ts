import type { ScoredBatch as Rows, WriterColumn, WriterOptions } from '@unlikely/data';
import type {
  Attribute,
  Drift,
  Evaluation,
  Explanation,
  Health,
  History,
  KnownRows,
  Matrix,
  Words,
} from '@unlikely/detect';
import type { Picture, ReportData } from '@unlikely/report';
import type { PlotKind } from '../command/run/flags.ts';
import type { Run } from '../command/run/run.ts';
import type { Canvas } from '../command/run/terminal.ts';
import type { Condition } from '../command/parse-condition.ts';
import type { CommandName, CommandOptions, Kind } from './kind-flags.ts';

/** How one kind of input meets people: all that commands know of it. */
export interface Face {
  readonly kind: Kind;
  readonly words: Words;
  /** Several of them, as an input: `a table`. */
  readonly input: string;
  /** What to give instead of an input of another kind. */
  readonly inputHelp: string;
  /** What to look at where `unlikely explain` has no sentences; absent where it has. */
  readonly explainedBy?: string;
  /** The pictures of `unlikely plot` that it has, and what to do for another. */
  readonly pictures: readonly PlotKind[];
  readonly pictureHelp?: string;
  /** What it refuses of the options of commands before any work. */
  readonly checks: { readonly [Name in CommandName]?: (options: CommandOptions<Name>) => void };
  /** Learns, from the files that the options name. Throws before any work what cannot be. */
  readonly train: (
    options: CommandOptions<'train'>,
    plan: TrainingPlan,
    run: Run,
  ) => Promise<Trained>;
  /** Opens a model file. */
  readonly open: (model: string, options: OpenOptions, run: Run) => Promise<Session>;
}

export interface OpenOptions {
  /** Threads that score. */
  readonly threads?: number;
}

/** What is the same in a training of every kind. */
export interface TrainingPlan {
  /** Of `--config`; `detect` checks its members. */
  readonly configuration: object;
  readonly checkpoint?: string;
}

/** A model, and what decides which of its items are flagged. */
export interface Model {
  readonly manifest: {
    readonly version: string;
    readonly rows: { readonly calibration: number };
    readonly health: Pick<Health, 'findings'> & { readonly verdict: string };
    readonly history: History;
    readonly fingerprint: string;
    readonly knownRows?: KnownRows;
  };
  readonly latent: {
    readonly attributes: Readonly<Record<string, Attribute>>;
    keepAttribute(name: string, attribute: Attribute): void;
  };
  threshold(falsePositiveRate: number, options?: { readonly fast?: boolean }): number;
  discoveryThreshold(
    scores: Float64Array,
    falseDiscoveryRate: number,
    options?: { readonly fast?: boolean },
  ): number;
  save(path: string): Promise<{ readonly bytes: number }>;
  toBytes(): Promise<Uint8Array>;
}

/** A model that was just trained, and the input that it was trained on. */
export interface Trained extends AsyncDisposable {
  readonly model: Model;
  /** Share of the normal items that was kept from training to test on, 0 for none. */
  readonly testShare: number;
  /** Writes what stands beside the model. */
  readonly writeMore: () => Promise<void>;
  /** Measures the model on what training did not see. */
  readonly test: () => Promise<Evaluation>;
  /** What it has become, in a few lines. */
  readonly lines: (canvas: Canvas) => readonly string[];
  /** The same for programs. */
  readonly facts: object;
}

/** An open model of one kind, and its input where a command has one. */
export interface Session extends AsyncDisposable {
  readonly model: Model;
  /** The file in lines, without what is the same for all kinds. */
  readonly inspection: (page: Canvas) => Inspection;
  readonly scoring: (options: CommandOptions<'score'>) => Promise<Scoring>;
  /** Compares an input with what was trained on; absent where the kind has no columns. */
  readonly drift?: (options: CommandOptions<'drift'>) => Promise<Drifted>;
  /** Answers each line of standard input as soon as it comes, until it ends. */
  readonly follow?: (options: CommandOptions<'score'>) => Promise<void>;
  readonly labelled: (options: LabelledOptions) => Promise<Labelled>;
  readonly encode: (options: CommandOptions<'encode'>) => Promise<MadeRows>;
  readonly explain?: (
    options: CommandOptions<'explain'>,
    rows: readonly number[],
  ) => Promise<readonly Explanation[]>;
  readonly attribute: (
    options: CommandOptions<'attribute'>,
    present: Condition,
    absent: Omit<Condition, 'complement'> | undefined,
  ) => Promise<Attribute>;
  readonly view: (options: CommandOptions<'plot'> & { readonly input: string }) => Promise<View>;
  readonly make: Making;
}

export interface Inspection {
  /** What it is, where the label of training and the file are told. */
  readonly head: readonly string[];
  /** Behind the loss. */
  readonly figures: readonly string[];
  /** Below all others. */
  readonly tables: readonly string[];
  /** What the loss was, beside its first and last value. */
  readonly loss: string;
  /** The manifest without what is the model's alone. */
  readonly facts: object;
}

/** An input beside what was trained on. */
export interface Drifted {
  readonly drift: Drift;
  /** Scores of all rows, in any order. */
  readonly scores: () => AsyncIterable<Float64Array>;
}

/** Scored items in the order of the input, with their numbers in it. */
export interface ScoredItems {
  readonly rows: number;
  readonly rowNumbers: Float64Array;
  readonly score: Float64Array;
  readonly standardError: Float64Array;
  readonly pValue: Float64Array;
  /** Further columns, where it is known which are flagged. */
  readonly columns: (flags: Uint8Array) => Promise<Rows['columns']>;
}

export interface Scoring {
  /** Of the input, readable or not. */
  readonly count: number;
  /** Further columns: behind the number of the row, and at the end. */
  readonly columns: readonly [first: readonly WriterColumn[], last: readonly WriterColumn[]];
  readonly keep?: NonNullable<WriterOptions['keep']>;
  /** Whether a batch holds so little that it can be kept. */
  readonly isKept: boolean;
  /** Which columns have moved; absent where the kind has none. */
  readonly drift?: () => Promise<Drift>;
  /** Scores all items, as often as it is called. */
  readonly batches: () => AsyncIterable<ScoredItems>;
  /** Whether `finish` needs them, by their numbers in the input. */
  readonly needsScores: boolean;
  /** What is told and written once all are scored, and the same for programs. */
  readonly finish: (
    scores: Float64Array,
  ) => Promise<{ readonly lines: readonly string[]; readonly facts: object }>;
}

export type LabelledOptions = Pick<
  CommandOptions<'report'>,
  'input' | 'label' | 'normal' | 'allRows' | 'delimiter' | 'encoding' | 'header'
>;

/** An input whose labels may be known. */
export interface Labelled {
  /** @param reference A further input, which the baselines learn from. */
  readonly evaluate: (options: {
    readonly falsePositiveRate?: number;
    readonly fast?: boolean;
    readonly baselines?: boolean;
    readonly reference?: string;
  }) => Promise<Evaluation>;
  /**
   * What a page shows, measured anew where labels are known and it is not given.
   *
   * @param source What the input is called on the page; default, its path.
   */
  readonly report: (options: {
    readonly source?: string;
    readonly evaluation?: Evaluation;
    readonly falsePositiveRate?: number;
  }) => Promise<Report>;
}

export interface Report {
  readonly data: ReportData;
  readonly evaluation: Evaluation | undefined;
  /** Writes the pictures of the page as files, and says how many. */
  readonly writeGallery?: (folder: string) => Promise<number>;
}

/** An input as the model sees it, for pictures. */
export interface View {
  readonly count: number;
  /** What the labels are called, where there are any. */
  readonly label?: string;
  /** What the squared error is of, and the score. */
  readonly axes: { readonly error: string; readonly score: string };
  /** Every `stride`-th item. */
  readonly batches: (
    what: { readonly [Part in 'codes' | 'scores' | 'errors']?: boolean },
    stride: number,
  ) => AsyncIterable<Seen>;
  readonly interpolation?: () => Promise<Picture>;
}

export interface Seen {
  readonly rows: number;
  readonly codes?: Matrix;
  readonly scores?: Float64Array;
  readonly errors?: Float64Array;
  readonly labels?: readonly (string | null)[];
}

/** Rows that go into a table. */
export interface MadeRows {
  readonly columns: readonly WriterColumn[];
  readonly keep?: NonNullable<WriterOptions['keep']>;
  readonly batches: AsyncIterable<Rows>;
  /** The command in a word, beside the progress: `encoding`. */
  readonly doing: string;
  /** Beside the count at the end: `encoded`. */
  readonly done: string;
  /** More for `--json`, once all are written. */
  readonly more?: () => object;
}

/** What a command made, once it is written. */
export interface Made {
  readonly lines: readonly string[];
  /** For `--json`. */
  readonly facts: object;
}

type MakingCommand =
  'generate' | 'reconstruct' | 'denoise' | 'decode' | 'interpolate' | 'traverse' | 'transfer';

/** The commands that make items of a model's kind, each of which writes them. */
export type Making = {
  readonly [Name in MakingCommand]: (options: CommandOptions<Name>) => Promise<Made>;
};
