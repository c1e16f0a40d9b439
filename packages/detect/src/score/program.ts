import type { Graph } from '@unlikely/graph';

/** What comes out of a program by its names, each with an axis for the rows. */
export type Outputs = Readonly<Record<string, Float32Array | Float64Array>>;

declare const outputs: unique symbol;

/** A graph over rows that says which numbers come out of it under which name. */
export type Program<Of extends object> = Graph & { readonly [outputs]?: Of };
