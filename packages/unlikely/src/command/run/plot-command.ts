import { Option } from 'commander';
import { list, wholeNumber } from './parse-option.ts';
import { plotKinds, plotLayouts } from './plot-kinds.ts';
import { example, generativeGroup, pathKinds } from './shared-options.ts';
import type { SharedOptions } from './shared-options.ts';

/** Declares the command that draws. */
export function plotCommand(shared: SharedOptions): void {
  const { command, optionalInput, model, threadsOption, jsonOption } = shared;

  command(
    'plot',
    'draw a model or its view of a table or of images, as SVG or PNG',
    [model, optionalInput],
    async () => (await import('../plot.ts')).plot,
  )
    .helpGroup(generativeGroup)
    .addOption(
      new Option(
        '--kind <kind>',
        'map of the codes, loss curves, histograms of the scores, a way between two rows',
      )
        .choices(plotKinds)
        .makeOptionMandatory(),
    )
    .requiredOption('-o, --output <file>', 'an .svg or .png file; - is SVG on standard output')
    .option('--label <column>', 'latent, histogram: tell the values of this column apart')
    .option('--no-label', 'images: leave their labels aside, so that the map shows the scores')
    .addOption(
      new Option('--layout <kind>', 'latent: main directions (PCA) or neighbourhoods (UMAP)')
        .choices(plotLayouts)
        .default('pca'),
    )
    .option('--rows <numbers>', 'interpolation: the two rows, counted from 0', list)
    .addOption(
      new Option('--steps <number>', 'interpolation: rows on the way')
        .argParser(wholeNumber(2))
        .default(25),
    )
    .addOption(
      new Option('--path <kind>', 'interpolation: the straight line or the great circle')
        .choices(pathKinds)
        .default('linear'),
    )
    .option('--error', 'histogram: of the squared error of the reconstruction, not of the score')
    .addOption(
      new Option('--seed <number>', 'latent with umap: same seed, same map')
        .argParser(wholeNumber(0))
        .default(1),
    )
    .addOption(threadsOption())
    .addOption(jsonOption())
    .addHelpText(
      'after',
      example(
        'unlikely plot model.onnx --kind loss -o loss.svg',
        'unlikely plot model.onnx new.csv --kind latent --label attack -o map.png',
      ),
    );
}
