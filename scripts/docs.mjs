/**
 * `npm run docs`: the reference of the library in `docs/api`, from the docstrings. A public member without
 * a sentence is an error; what is nested in the type of a member is told by the member's own sentence. The
 * gate fails where the pages are not those of the sources.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Application, ReflectionKind } from 'typedoc';
import { packageFolders, root } from './packages.mjs';

const entries = ['index.ts', 'report.ts', 'browser/index.ts'];
const told =
  ReflectionKind.Class |
  ReflectionKind.Interface |
  ReflectionKind.TypeAlias |
  ReflectionKind.Function |
  ReflectionKind.Variable |
  ReflectionKind.Method |
  ReflectionKind.Accessor |
  ReflectionKind.Property;

const app = await Application.bootstrapWithPlugins({
  name: 'Unlikely',
  plugin: ['typedoc-plugin-markdown'],
  entryPoints: entries.map((entry) => join(root, 'packages/unlikely/src', entry)),
  tsconfig: join(root, 'tsconfig.docs.json'),
  compilerOptions: { paths: await sourcesOfEntries() },
  // The packages are compiled with options of their own by `npm run check`.
  skipErrorChecking: true,
  out: join(root, 'docs/api'),
  router: 'module',
  readme: 'none',
  disableGit: true,
  disableSources: true,
  excludeExternals: true,
  excludePrivate: true,
  excludeProtected: true,
  hideGenerator: true,
  hideBreadcrumbs: true,
  hidePageHeader: true,
  parametersFormat: 'table',
  interfacePropertiesFormat: 'table',
  classPropertiesFormat: 'table',
  typeDeclarationFormat: 'table',
  sort: ['source-order'],
  validation: { notDocumented: false, notExported: false, invalidLink: true },
  treatWarningsAsErrors: true,
});
const project = await app.convert();
if (project === undefined) process.exit(1);
app.validate(project);
const silent = new Set(
  project
    .getReflectionsByKind(told)
    .filter((member) => !isNested(member) && !hasSentence(member))
    .map((member) => member.getFullName().replace(/^(index|report|browser)\./, '')),
);
for (const member of silent)
  app.logger.error(`${member} is public, and its docstring has no sentence`);
if (app.logger.hasErrors() || app.logger.hasWarnings()) process.exit(1);
await app.generateOutputs(project);

/** Every entry of every package, as its source: what is reached through node_modules counts as foreign. */
async function sourcesOfEntries() {
  const paths = {};
  for (const folder of packageFolders) {
    const manifest = JSON.parse(await readFile(join(root, folder, 'package.json'), 'utf8'));
    for (const [path, target] of Object.entries(manifest.exports)) {
      if (typeof target === 'string') continue;
      paths[path.replace(/^\./, manifest.name)] = [join(root, folder, target['unlikely-source'])];
    }
  }
  return paths;
}

function isNested(member) {
  const literal = ReflectionKind.TypeLiteral | ReflectionKind.SomeSignature;
  for (let owner = member.parent; owner; owner = owner.parent) {
    if (owner.kindOf(literal)) return true;
  }
  return false;
}

function hasSentence(member) {
  const signatures = [...(member.signatures ?? []), member.getSignature, member.setSignature];
  return [member, ...signatures].some((each) => (each?.comment?.summary.length ?? 0) > 0);
}
