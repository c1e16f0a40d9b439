/**
 * The part of the ONNX Runtime JavaScript interface that this package uses. The native and the WASM
 * package both have this shape; neither is named outside `node/native-runtime.ts` and `web/wasm-runtime.ts`.
 */
export interface OrtModule {
  readonly InferenceSession: {
    create(program: Uint8Array, options: OrtSessionOptions): Promise<OrtInferenceSession>;
  };
  readonly Tensor: new (type: never, data: never, dimensions: readonly number[]) => OrtTensor;
}

export interface OrtSessionOptions {
  readonly executionProviders: readonly string[];
  readonly graphOptimizationLevel: 'all';
  readonly logSeverityLevel: 4;
  readonly intraOpNumThreads: number;
  readonly extra?: Record<string, unknown>;
}

export interface OrtInferenceSession {
  readonly inputMetadata: readonly OrtValueMetadata[];
  readonly outputMetadata: readonly OrtValueMetadata[];
  run(feeds: Record<string, never>, outputs: readonly string[]): Promise<OrtResults>;
  release(): Promise<void>;
}

export type OrtResults = Readonly<Record<string, OrtTensor>>;

export interface OrtTensor {
  readonly type: string;
  readonly data: unknown;
  readonly dims: readonly number[];
}

/** A dimension is a size, or the name of a free one. */
export type OrtValueMetadata =
  | { readonly name: string; readonly isTensor: false }
  | {
      readonly name: string;
      readonly isTensor: true;
      readonly type: string;
      readonly shape: readonly (number | string)[];
    };
