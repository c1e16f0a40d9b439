import { describeModality } from './contract/describe-modality.ts';
import { imageModality } from './contract/image-modality.ts';
import { tableModality } from './contract/table-modality.ts';

describeModality(tableModality);
describeModality(imageModality);
