// Builds the documentation: npm run docs. First what the guides take from the sources (build/tools/docs/main.js), then a
// site of the guides and the library's doc comments under build/site, with a search that needs no network.
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join, relative } from 'node:path';
import { Application, Converter } from 'typedoc';
import { brokenSiteLinks } from '../build/tools/docs/site-links.js';

const SITE = 'build/site';
const GROUPS = { recipes: 'Recipes', concepts: 'Concepts', methods: 'Methods', formats: 'Formats' };

/** The guides by folder, and the project's own pages. */
const DOCUMENTS = ['docs/README.md', 'docs/recipes/*.md', 'docs/concepts/*.md', 'docs/methods/*.md', 'docs/formats/*.md', 'docs/commands.md', 'docs/library.md', 'docs/clickhouse.md', 'datasets/README.md', 'ARCHITECTURE.md', 'CONTRIBUTING.md', 'CHANGELOG.md'];

const app = await Application.bootstrap({
  options: 'typedoc.json',
  tsconfig: 'tsconfig.build.json',
  name: 'hindcast',
  out: SITE,
  readme: 'README.md',
  projectDocuments: DOCUMENTS,
  searchInDocuments: true,
  hideGenerator: true,
  customCss: 'scripts/docs.css',
  markdownItLoader: (parser) => {
    parser.core.ruler.push('hindcast', ({ tokens }) => {
      tokens.forEach((token, i) => {
        // A block without a language is no TypeScript; code in a heading counts in its anchor, as on GitHub.
        if (token.type === 'fence' && token.info === '') token.info = 'text';
        if (token.type === 'heading_open') for (const part of tokens[i + 1]?.children ?? []) if (part.type === 'code_inline') part.type = 'text';
      });
    });
  },
  githubPages: false,
  groupOrder: ['Start', 'Recipes', 'Concepts', 'Methods', 'Reference', 'Formats', 'Project', 'Modules', '*'],
  sort: ['source-order'],
  navigation: { includeGroups: true, includeCategories: false, includeFolders: false },
  highlightLanguages: ['typescript', 'javascript', 'console', 'json', 'text', 'csv', 'sql', 'sh'],
  // Types and doc comments are checked by `npm run check`.
  skipErrorChecking: true,
  validation: { notExported: false, invalidLink: false, rewrittenLink: false, notDocumented: false },
});

/** Titles of the pages on formats. */
const formats = new Set();

/** A guide goes by its first heading, and stands in the navigation by its folder. */
app.converter.on(Converter.EVENT_CREATE_DOCUMENT, (_, document) => {
  const place = relative(process.cwd(), document.project.files.getReflectionPath(document) ?? '');
  const text = readFileSync(place, 'utf8');
  document.name = /^# (.+)$/m.exec(text)?.[1]?.replaceAll('`', '') ?? basename(place, '.md');
  const [, folder] = /^docs\/(\w+)\//.exec(place) ?? [];
  if (folder === 'formats') formats.add(document.name);
  document.frontmatter.group = GROUPS[folder] ?? (place === 'docs/README.md' ? 'Start' : place.startsWith('docs/') ? 'Reference' : 'Project');
});

rmSync(SITE, { recursive: true, force: true });
const project = await app.convert();
if (project === undefined) process.exit(1);
app.validate(project);
await app.generateOutputs(project);
if (app.logger.hasErrors() || app.logger.hasWarnings()) process.exit(1);

/** Pages of exported names, from a guide's place. */
const pageOfName = new Map(['variables', 'types', 'interfaces', 'classes', 'functions'].filter((folder) => existsSync(join(SITE, folder))).flatMap((folder) =>
  readdirSync(join(SITE, folder)).map((file) => [file.replace(/^(?:index|plot|app_plot-png)\./, '').replace(/\.html$/, ''), `../${folder}/${file}`])));

// A guide that names an export in code leads to its page. Members in a format's tables are no functions, whatever their names.
for (const file of readdirSync(join(SITE, 'documents'))) {
  const path = join(SITE, 'documents', file);
  const page = readFileSync(path, 'utf8');
  const [, title = ''] = /<title>(.*?) \| hindcast<\/title>/.exec(page) ?? [];
  const isExport = (name) => pageOfName.has(name) && (!formats.has(title.replaceAll('&#39;', "'")) || /^[A-Z]/.test(name));
  const linked = page.split(/(<a\s[\s\S]*?<\/a>|<pre>[\s\S]*?<\/pre>)/)
    .map((part, i) => (i % 2 === 1 ? part : part.replaceAll(/<code>(\w+)((?:\[\])?)<\/code>/g, (whole, name) => (isExport(name) ? `<a href="${pageOfName.get(name)}">${whole}</a>` : whole))));
  writeFileSync(path, linked.join(''));
}

const broken = brokenSiteLinks(SITE);
for (const link of broken) console.error(`docs: ${link}`);
console.log(`${SITE}/index.html: ${project.documents?.length ?? 0} guides; ${broken.length} broken links`);
process.exit(broken.length === 0 ? 0 : 1);
