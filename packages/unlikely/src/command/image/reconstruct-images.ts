import type { Images } from '@unlikely/detect';
import type { ExitCode } from '../run/exit-code.ts';
import type { ReconstructOptions } from '../reconstruct.ts';
import type { Run } from '../run/run.ts';
import { refuseTableOptions } from './image-input.ts';
import { madeImages } from './made-images.ts';

/** `unlikely reconstruct` on images: each beside what the model expects in its place. */
export function reconstructImages(options: ReconstructOptions, terminal: Run): Promise<ExitCode> {
  refuseTableOptions(options, ['interval', 'keep']);
  const { difference = false } = options;
  const done = `beside what is expected${difference ? ' and the difference' : ''}`;
  return madeImages(
    options,
    { doing: 'expecting', done },
    { panels: difference ? 3 : 2 },
    async (detector, batch, signal) => {
      const expected = await detector.reconstruct(batch, { signal });
      const panels: Images[] = [batch, expected];
      if (difference) panels.push(differenceOf(batch, expected));
      return panels;
    },
    terminal,
  );
}

/** |x − x̂|, black where nothing differs. */
function differenceOf({ data, rows }: Images, expected: Images): Images {
  return { data: data.map((value, at) => Math.abs(value - expected.data[at]!)), rows };
}
