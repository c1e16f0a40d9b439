import type { Detector } from '@unlikely/detect';
import type { Model } from '../face.ts';

/** A detector as commands see every model. */
export function tableModel(detector: Detector): Model {
  const { latent } = detector;
  return {
    manifest: detector.manifest,
    get attributes() {
      return latent.attributes;
    },
    threshold: (rate, options) => detector.threshold(rate, options),
    discoveryThreshold: (scores, rate, options) =>
      detector.discoveryThreshold(scores, rate, options),
    keepAttribute: (name, attribute) => latent.keepAttribute(name, attribute),
    save: (path) => detector.save(path),
    toBytes: () => detector.toBytes(),
  };
}
