import type { Attribute } from '@unlikely/detect';

/** Of a detector that runs anywhere, what does not depend on its kind. */
interface PortableDetector {
  readonly manifest: object;
  readonly latent: {
    readonly attributes: Readonly<Record<string, Attribute>>;
    keepAttribute(name: string, attribute: Attribute): void;
  };
  toBytes(): Promise<Uint8Array>;
  save(path: string): Promise<{ bytes: number }>;
  dispose(): Promise<void>;
}

/** What detectors of every kind have on Node: a model that is kept, looked into and disposed of. */
export abstract class BoundDetector<Portable extends PortableDetector> implements AsyncDisposable {
  protected readonly detector: Portable;

  protected constructor(detector: Portable) {
    this.detector = detector;
  }

  /** Everything about the model but the numbers of its networks. */
  get manifest(): Portable['manifest'] {
    return this.detector.manifest;
  }

  /** The bytes of the model file; the same model gives the same bytes. */
  toBytes(): Promise<Uint8Array> {
    return this.detector.toBytes();
  }

  /** Writes the model file, whole or not at all. Throws `data/not-writable`. */
  save(path: string): Promise<{ bytes: number }> {
    return this.detector.save(path);
  }

  /** The attribute vectors that the model keeps, by name. */
  get attributes(): Readonly<Record<string, Attribute>> {
    return this.detector.latent.attributes;
  }

  /** Keeps an attribute vector under a name, from the next `save` on. Throws `detect/input`, `detect/configuration`. */
  keepAttribute(name: string, attribute: Attribute): void {
    this.detector.latent.keepAttribute(name, attribute);
  }

  /** Ends the workers; a second call does nothing. */
  dispose(): Promise<void> {
    return this.detector.dispose();
  }

  /** As `dispose`. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.dispose();
  }
}
