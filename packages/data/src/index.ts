export { dataErrorCodes } from './error-code.ts';
export type { DataErrorCode } from './error-code.ts';

export { cyclicPeriods, quantileLevels } from './table/schema.ts';
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

export { endQueries } from './duckdb/duckdb.ts';
export { openTable } from './table/duckdb/file-table.ts';
export { tableFromRecords } from './table/duckdb/table-from-records.ts';
export { defaultMissingValues } from './table/missing-values.ts';
export type { TableFormat } from './input/file-format.ts';
export type { TableOptions } from './table/duckdb/table-options.ts';
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

export { openWriter } from './table/duckdb/writer.ts';
export type { ScoredBatch, Writer, WriterColumn, WriterOptions } from './table/duckdb/writer.ts';

export { descriptorInfo, fileIdentity, identityOf, outputPlace } from './files/output-place.ts';
export type { OutputPlace } from './files/output-place.ts';
export { writeFileWhole } from './files/whole-file.ts';
export { inputFiles } from './input-files.ts';
export { removeTemporaryFiles } from './files/leftovers.ts';

export { heatMap } from './image/heat-map.ts';
export type { HeatMapOptions } from './image/heat-map.ts';
export { imageGrid } from './image/image-grid.ts';
export type { ImageGridOptions } from './image/image-grid.ts';
export { imageSides } from './image/image-settings.ts';
export type { ImageFit, ImageSettings, ImageSettingsOptions } from './image/image-settings.ts';
export { isImageInput, openImages } from './image/open-images.ts';
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
export { toPng, writePng } from './image/write-image.ts';
export type { ImageLevels } from './image/write-image.ts';
