import { readFileSync } from 'node:fs';

/** The modules of in-page/, each after those that it imports from. */
const modules = [
  'channel',
  'copy-span',
  'watch-spans',
  'watch-providers',
  'watch-api',
  'browser-apis',
  'watch-angular',
  'start',
];

const IMPORT = /^import (\{[^}]*\}) from '.*';$/gm;
const EXPORT = /^export (const|function) (\w+)/gm;

/** The name of the browser binding through which the script speaks. It takes one text. */
export const PAGE_CAPTURE_BINDING = '__workshopSpans';

/**
 * The capture inside the learner's page: an init script, to be run before any script of every document.
 *
 * It watches the object that all copies of @opentelemetry/api share, follows it to the providers, tracers and spans,
 * and tells the grader of each span as it starts and ends. It holds no code of OpenTelemetry and reads public fields
 * only. What it tells leaves the page at once, through a binding of the browser: nothing of it can be seen by the
 * page's own instrumentations, and a page that is left takes nothing with it.
 *
 * An init script is no module. So each module becomes a block, and what one exports to another goes through an object
 * around the blocks.
 */
export const pageCaptureScript: string = `(() => {\nconst exported = {};\n${modules.map(blockOf).join('')}})();`;

function blockOf(name: string): string {
  const source = readFileSync(new URL(`./in-page/${name}.js`, import.meta.url), 'utf8');
  const exports = [...source.matchAll(EXPORT)].map(([, , one]) => one).join(', ');
  const body = source.replaceAll(IMPORT, 'const $1 = exported;').replaceAll(EXPORT, '$1 $2');
  return `{\n${body}Object.assign(exported, { ${exports} });\n}\n`;
}
