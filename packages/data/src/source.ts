/** What a source of rows or images is: types alone, without Node and without the engines that read. */
export type { Files, OpenFile } from './files/files.ts';
export type { ImageFit, ImageSettings, ImageSettingsOptions } from './image/image-settings.ts';
export type {
  ImageBatch,
  ImageBatchOptions,
  ImageConversions,
  ImageFailure,
  ImageFilter,
  ImagePass,
  ImageSource,
  OpenImagesOptions,
  PixelOptions,
  PixelStore,
} from './image/image-source.ts';
export type {
  CategoryField,
  Column,
  ColumnKind,
  CountField,
  CyclicField,
  CyclicPart,
  Field,
  NumberStatistics,
  NumericField,
  Schema,
} from './table/schema.ts';
export type {
  Batch,
  BatchOptions,
  Comparison,
  InferenceOptions,
  RowFilter,
  Sample,
  SampleOptions,
  Table,
} from './table/table.ts';
