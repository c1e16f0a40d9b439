/** The parameters of models as data, without what trains them: an entry of its own, quick to load. */
export { imageParameters } from './modality/image/parameters.ts';
export { jsonSchemaOf } from './parameter/json-schema.ts';
export type { JsonSchema } from './parameter/json-schema.ts';
export { isOf, wordsOf } from './parameter/parameter.ts';
export type { Parameter, Parameters, Shape } from './parameter/parameter.ts';
export { tableParameters } from './modality/table/parameters.ts';
