export { dataErrorCodes } from './error-code.ts';
export type { DataErrorCode } from './error-code.ts';

export { cyclicPeriods, quantileLevels } from './schema.ts';
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
} from './schema.ts';

export { endQueries } from './duckdb.ts';
export { openTable } from './file-table.ts';
export { tableFromRecords } from './table-from-records.ts';
export { defaultMissingValues } from './table/missing-values.ts';
export type { TableFormat, TableOptions } from './table-options.ts';
export type {
  Batch,
  BatchOptions,
  Comparison,
  InferenceOptions,
  RowFilter,
  Sample,
  SampleOptions,
  Table,
} from './table.ts';

export { openWriter } from './write/writer.ts';
export type { ScoredBatch, Writer, WriterColumn, WriterOptions } from './write/writer.ts';

export { descriptorInfo, fileIdentity, identityOf, outputPlace } from './write/output-place.ts';
export type { OutputPlace } from './write/output-place.ts';
export { writeFileWhole } from './write/whole-file.ts';
export { inputFiles } from './input-files.ts';
export { removeTemporaryFiles } from './leftovers.ts';

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
