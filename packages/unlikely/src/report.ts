/** `unlikely/report`: pages and pictures from data, without a model. */
export { pictureSvg, renderReport } from '@unlikely/report';
export type { Picture, ReportData } from '@unlikely/report';
export { writePicture } from './report/write-picture.ts';
export { writeReport } from './report/write-report.ts';
