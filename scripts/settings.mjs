// What is written from the parameters of models: the settings page of the documentation, and the types of
// the configurations with a sentence each. `npm run settings` writes them; a test compares.
import { writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { format, resolveConfig } from 'prettier';

const root = fileURLToPath(new URL('..', import.meta.url));

/** Paths with their contents. */
export async function settingsFiles({ tableParameters, imageParameters, wordsOf }) {
  const files = {
    'docs/settings.md': settingsPage(tableParameters, imageParameters, wordsOf),
    'packages/detect/src/modality/table/configuration.ts': configurationFile(
      'Configuration',
      tableParameters,
    ),
    'packages/detect/src/modality/image/configuration.ts': configurationFile(
      'ImageConfiguration',
      imageParameters,
    ),
  };
  for (const [path, text] of Object.entries(files)) {
    const filepath = `${root}${path}`;
    files[path] = await format(text, { ...(await resolveConfig(filepath)), filepath });
  }
  return files;
}

function settingsPage(table, image, wordsOf) {
  const same = Object.keys(table).filter((name) => name in image);
  const only = (parameters) => Object.keys(parameters).filter((name) => !same.includes(name));
  const allowed = (parameter) =>
    [wordsOf(parameter), ...(parameter.unit === undefined ? [] : [`(${parameter.unit})`])].join(
      ' ',
    );
  const usual = (parameter) =>
    parameter.default === undefined ? 'none' : `\`${JSON.stringify(parameter.default)}\``;
  const capital = (text) => `${text[0].toUpperCase()}${text.slice(1)}`;
  /** What is said of a setting by each kind that has it, once where they agree. */
  const told = (name, of, joined) => {
    const [first, second = first] = [table, image]
      .filter((all) => name in all)
      .map((all) => of(all[name]));
    return first === second ? first : `${first}${joined}${second}`;
  };
  const list = (names) =>
    names
      .map((name) => {
        const description = told(name, (one) => one.description, ' Of images: ');
        const range = told(name, allowed, ', of images ');
        return `- **\`${name}\`** ${description} ${capital(range)}; default ${told(name, usual, ', of images ')}.`;
      })
      .join('\n');
  return `# Settings

<!-- Written by \`npm run settings\` from the parameters in \`packages/detect\`. -->

Everything that decides what a model is. The library takes them as options of \`train\` and of the constructors; the
command line takes them as JSON:

\`\`\`json
{ "members": 5, "latentSize": 4 }
\`\`\`

with \`unlikely train INPUT --config settings.json\`; what options such as \`--steps\` say wins. A setting of another name or out
of its range is refused before anything is read. \`jsonSchemaOf(tableParameters)\` and
\`jsonSchemaOf(imageParameters)\` are the JSON Schemas.

## Tables and images

${list(same)}

## Tables alone

${list(only(table))}

## Images alone

${list(only(image))}
`;
}

function configurationFile(name, parameters) {
  const members = Object.entries(parameters).map(([key, parameter]) => {
    const { description, default: usual } = parameter;
    const comment = wrapped(
      usual === undefined ? description : `${description} Default ${shown(usual)}.`,
    );
    return `${comment}\n  readonly ${key}${usual === undefined ? '?' : ''}: ${typeText(parameter)};`;
  });
  return `// Written by \`npm run settings\` from the parameters; a change is made there.

/** Everything that decides what a model is; the defaults are those of \`default${name}\`. */
export interface ${name} {
${members.join('\n')}
}
`;
}

const shown = (value) => (typeof value === 'string' ? value : JSON.stringify(value));

function typeText(shape) {
  if (shape.enum !== undefined) return shape.enum.map((value) => `'${value}'`).join(' | ');
  if (shape.type === 'array') return `readonly ${typeText(shape.items)}[]`;
  if (shape.type !== 'object') return 'number';
  const entries = Object.entries(shape.properties).map(
    ([name, own]) => `readonly ${name}: ${typeText(own)};`,
  );
  return `{ ${entries.join(' ')} }`;
}

function wrapped(text) {
  if (text.length < 90) return `  /** ${text} */`;
  const lines = [''];
  for (const word of text.split(' ')) {
    if (lines.at(-1).length + word.length > 92) lines.push('');
    lines.push(`${lines.pop()} ${word}`);
  }
  return ['  /**', ...lines.map((line) => `   *${line}`), '   */'].join('\n');
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const files = await settingsFiles(await import('@unlikely/detect/parameters'));
  for (const [path, text] of Object.entries(files)) await writeFile(`${root}${path}`, text);
}
