import type { Field } from '@unlikely/data/source';
import { cyclicPeriods } from '@unlikely/data/schema';
import { completeConfiguration } from '../check-configuration.ts';
import { featurePlaces } from '../column/feature.ts';
import { decodeFloats } from '../../../bytes/base64.ts';
import { requireFinite } from '../../../artifact/check-parts.ts';
import type { Manifest } from '../manifest.ts';
import { corrupt, readOrCorrupt } from '../../../artifact/sealed-file.ts';
import { shownName } from '../../../artifact/shown-value.ts';

/**
 * What the parts of a valid manifest of a table have to do with each other, beside those of every kind.
 *
 * @throws UnlikelyError `model/corrupt`.
 */
export function checkManifest(manifest: Manifest): void {
  const { configuration, posterior } = manifest;
  const { latentSize } = configuration;
  readOrCorrupt(() => completeConfiguration(configuration));
  const isPoint = configuration.model === 'autoencoder';
  if (isPoint && (configuration.score !== 'reconstruction-error' || configuration.samples !== 0)) {
    throw corrupt('manifest.configuration.score should be that of an autoencoder');
  }
  checkFields(manifest);
  checkFeatures(manifest);
  if (posterior === undefined) return;
  const [mean, logVariance] = [
    readOrCorrupt(() => decodeFloats(posterior.mean)),
    readOrCorrupt(() => decodeFloats(posterior.logVariance)),
  ];
  const isWhole = mean.length > 0 && mean.length % latentSize === 0;
  if (!isWhole || logVariance.length !== mean.length) {
    throw corrupt(
      `manifest.posterior should hold codes of ${latentSize} numbers, got ${mean.length} and ${logVariance.length}`,
    );
  }
  requireFinite(mean, 'manifest.posterior.mean');
  requireFinite(logVariance, 'manifest.posterior.logVariance');
}

function checkFields({ schema }: Manifest): void {
  const columns = new Set(schema.columns.map(({ name }) => name));
  if (columns.size !== schema.columns.length) {
    throw corrupt('manifest.schema.columns should have names of their own');
  }
  if (schema.fields.length === 0) {
    throw corrupt('manifest.schema.fields should hold at least one field, got none');
  }
  schema.fields.forEach((field, index) => {
    const place = `manifest.schema.fields.${index}`;
    if (!columns.has(field.column)) {
      throw corrupt(`${place}.column should be one of the columns, got ${shownName(field.column)}`);
    }
    const fault = faultOf(field);
    if (fault !== undefined) throw corrupt(`${place}.${fault}`);
  });
}

function faultOf(field: Field): string | undefined {
  switch (field.kind) {
    case 'numeric':
    case 'count':
      if (field.minimum > field.maximum) return 'minimum should be at most the maximum';
      return field.deviation < 0 ? 'deviation should be at least 0' : undefined;
    case 'binary':
    case 'categorical': {
      const { categories, frequencies, kind } = field;
      if (kind === 'binary' && categories.length > 2) return 'categories should be at most two';
      if (new Set(categories).size !== categories.length) return 'categories should be different';
      return categories.length === frequencies.length
        ? undefined
        : `frequencies should be ${categories.length}, got ${frequencies.length}`;
    }
    case 'cyclic': {
      const period = cyclicPeriods[field.part];
      if (field.period !== period) return `period should be ${period}, got ${field.period}`;
      const { length } = field.frequencies;
      return length === period ? undefined : `frequencies should be ${period}, got ${length}`;
    }
    default:
      return field satisfies never;
  }
}

function checkFeatures({ schema, features }: Manifest): void {
  const places = featurePlaces(schema.fields);
  if (places.length !== features.length) {
    throw corrupt(
      `manifest.features should be the ${places.length} of its fields, got ${features.length}`,
    );
  }
  features.forEach(({ field, category, logarithm }, index) => {
    const place = places[index]!;
    const isFitting = field === place.field && category === place.category;
    if (isFitting && !(logarithm && category !== undefined)) return;
    throw corrupt(`manifest.features.${index} should be that of its field`);
  });
}
