import { imageWords } from '@unlikely/detect';
import type { Evaluation } from '@unlikely/detect';
import { defined } from '../../command/defined.ts';
import { progressOf } from '../../command/tell/progress.ts';
import type { Labelled, LabelledOptions } from '../face.ts';
import { writeGallery } from './write-gallery.ts';
import { openImageInput } from './input.ts';
import type { ImageSession } from './session.ts';
import { knownNormal, measuredImageReport } from '../../report/measured-image-report.ts';
import { reportOfImages } from '../../report/report-of-images.ts';

/** Images, whose folders or labels may say which are anomalies. */
export async function labelledImages(
  { detector, run, opened, tell }: ImageSession,
  options: LabelledOptions,
): Promise<Labelled> {
  let isTold = false;
  const images = opened(
    await openImageInput(options.input, options, true, (pass) => {
      if (!isTold) tell(pass);
      isTold = true;
    }),
  );
  const { signal } = run;
  const normal = options.normal ?? knownNormal(images, detector);
  const scoring = (): ((done: number) => void) =>
    progressOf(run, { doing: 'scoring', total: images.count, words: imageWords });
  return {
    async evaluate({ reference, fast: _fast, ...chosen }) {
      const others =
        reference === undefined
          ? undefined
          : opened(await openImageInput(reference, options, true));
      return detector.evaluate(images, {
        signal,
        onProgress: scoring(),
        ...chosen,
        ...defined({ normal, allRows: options.allRows, reference: others }),
      });
    },
    async report({ source = options.input, evaluation, ...rate }) {
      const told = { source, signal, onProgress: scoring(), ...rate };
      const { data, gallery, ...measured } =
        evaluation === undefined
          ? await measuredImageReport(detector, images, {
              ...told,
              ...defined({ normal, allRows: options.allRows }),
            })
          : {
              ...(await reportOfImages(detector, images, {
                ...told,
                evaluation,
                normal: normal ?? normalIn(evaluation),
              })),
              evaluation,
            };
      return { data, ...measured, writeGallery: (folder) => writeGallery(folder, gallery) };
    },
  };
}

function normalIn({ byValue }: Evaluation): string[] {
  return byValue.filter((one) => one.normal).map(({ value }) => value);
}
