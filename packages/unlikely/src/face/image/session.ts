import type { ImagePass } from '@unlikely/data';
import type { ImageDetector } from '@unlikely/detect';
import type { Run } from '../../command/run/run.ts';

/** A model of images as its parts see it. */
export interface ImageSession {
  readonly detector: ImageDetector;
  readonly run: Run;
  /** Keeps what goes with the session. */
  readonly opened: <Resource extends AsyncDisposable>(resource: Resource) => Resource;
  /** Tells of a pass over images. */
  readonly tell: (pass: ImagePass) => void;
}
