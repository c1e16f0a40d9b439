import type { Ink } from './palette.ts';

/** A drawing as data: what `plot-figure.ts` turns into SVG. */
export interface Chart {
  readonly x: Axis;
  readonly y: Axis;
  /** Later layers are drawn over earlier ones. */
  readonly layers: readonly Layer[];
  /** In CSS pixels. Default 480, which a page scales to its column. */
  readonly width?: number;
  /** In CSS pixels. Default 300. */
  readonly height?: number;
}

export interface Axis {
  readonly label: string | null;
  /** Default: what the layers span. Values beyond it are drawn at its end. */
  readonly domain?: readonly [number, number];
  /** Default `linear`. */
  readonly scale?: 'linear' | 'log' | 'sqrt';
  readonly ticks?: number | readonly number[];
  readonly format?: (value: number) => string;
  /** No ticks: the numbers mean nothing. */
  readonly bare?: boolean;
  /** Pixels left of the chart for the names of the ticks of `y`. Default 52. */
  readonly room?: number;
}

export type Point = readonly [x: number, y: number];

export type Layer =
  | {
      readonly kind: 'line';
      readonly points: readonly Point[];
      readonly ink: Ink;
      readonly dashed?: boolean;
    }
  | {
      readonly kind: 'dots';
      readonly points: readonly Point[];
      readonly ink: Ink;
      readonly radius: number;
      readonly hollow?: boolean;
    }
  | { readonly kind: 'bars'; readonly bars: readonly Bar[]; readonly ink: Ink }
  | {
      readonly kind: 'vertical';
      readonly x: number;
      readonly ink: Ink;
      readonly label: string;
      readonly anchor: 'start' | 'middle' | 'end';
    }
  | { readonly kind: 'horizontal'; readonly y: number; readonly ink: Ink };

export interface Bar {
  readonly from: number;
  readonly to: number;
  /** Negative hangs below the axis. */
  readonly height: number;
}

/** One line of a figure's legend. */
export interface Key {
  readonly ink: Ink;
  readonly label: string;
  readonly mark: 'line' | 'dashed' | 'dot' | 'ring' | 'bar';
}
