import type { ImageDetector } from '@unlikely/detect';
import type { Model } from '../face.ts';

/** A detector as commands see every model. */
export function imageModel(detector: ImageDetector): Model {
  const { latent } = detector;
  return {
    manifest: detector.manifest,
    get attributes() {
      return latent.attributes;
    },
    threshold: (rate) => detector.threshold(rate),
    discoveryThreshold: (scores, rate) => detector.discoveryThreshold(scores, rate),
    keepAttribute: (name, attribute) => latent.keepAttribute(name, attribute),
    save: (path) => detector.save(path),
    toBytes: () => detector.toBytes(),
  };
}
