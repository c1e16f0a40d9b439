/** Pictures made of levels alone: nothing that reads or writes a file is loaded for them. */
export { heatMap } from './image/heat-map.ts';
export { imageGrid } from './image/image-grid.ts';
