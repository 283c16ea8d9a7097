/**
 * The house's walls: which room may know which. Type-only imports count: a type is knowledge of the other room, too.
 * grader/test/walls.test.ts holds the repository to them, and breaks each of them once in a small made-up tree.
 *
 *   npx depcruise --config .dependency-cruiser.mjs base telemetry grader lab page exercises solutions app-backend app-frontend
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Top folders whose sources are read. Those of grader/ are rooms of their own. */
export const ROOMS = [
  'base',
  'telemetry',
  'grader',
  'lab',
  'page',
  'exercises',
  'solutions',
  'app-backend',
  'app-frontend',
];

const APPS = '^app-(backend|frontend)/';
const ROOM = `^(grader/(?!node_modules)[^/]+|${ROOMS.filter((name) => name !== 'grader').join('|')})/(?!node_modules)`;
/** The shapes of what the learner's routes answer. */
const ANSWERS = '^grader/(learn/shapes/index|report/shapes)\\.ts$';
/** Made up to be wrong, or a part of a tree that is whole only with the others laid under it. */
const IN_PIECES = ['^solutions/(?!00)', '/test/fixtures/'];

/** Files that a package's "exports" opens to everyone, relative to the root. */
function exportedFiles(root) {
  return readdirSync(root, { withFileTypes: true }).flatMap(({ name }) => {
    const { exports = {} } = readManifest(join(root, name, 'package.json'));
    return Object.values(exports).map((file) => join(name, file).replaceAll('\\', '/'));
  });
}

function readManifest(path) {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return {};
  }
}

const exactly = (path) => `^${path.replaceAll('.', '\\.')}$`;

/**
 * The apps belong to the learner, so no wall is asked of their own files: solutions/00-start, which they begin as, is
 * held to all.
 * @param {string} root the repository, or a made-up tree
 */
export function walls(root) {
  const wall = (name, from, to, comment) => ({ name, comment, severity: 'error', from, to });
  return [
    wall(
      'no-circle',
      { pathNot: APPS },
      { circular: true },
      'No file imports itself, whatever the way, types included.',
    ),
    wall(
      'content-apart-from-apps',
      { path: '^(exercises|solutions)/' },
      { path: APPS },
      'Exercises and solutions are content: they never import from the apps.',
    ),
    wall(
      'grader-outside-apps',
      { path: '^grader/' },
      { path: APPS },
      "The grader knows the learner's system from outside only.",
    ),
    wall(
      'judging-apart-from-driving',
      { path: '^grader/judge/' },
      { path: '^grader/(world|capture)/' },
      'Checks and diagnosis are functions over evidence, so that a verdict can be had again from a file.',
    ),
    wall(
      'nothing-imports-cli',
      { pathNot: '^grader/cli/' },
      { path: '^grader/cli/' },
      'Wiring, and the last in the row.',
    ),
    wall(
      'base-alone',
      { path: '^base/' },
      { path: ROOM, pathNot: '^base/' },
      'What every room may use uses no room.',
    ),
    wall(
      'telemetry-alone',
      { path: '^telemetry/', pathNot: '^telemetry/test/' },
      { path: ROOM, pathNot: '^telemetry/' },
      'The model of a span imports no other room.',
    ),
    wall(
      'tests-of-telemetry',
      { path: '^telemetry/test/' },
      { path: ROOM, pathNot: '^(telemetry|base)/' },
      'Its tests draw with the seeds of every other room.',
    ),
    wall(
      'lab-without-grader',
      { path: '^lab/' },
      { path: ['^(grader|exercises|solutions)/', APPS] },
      'The lab lets routes be mounted; the command joins the two.',
    ),
    wall(
      'one-database-in-the-store',
      { pathNot: ['^lab/store/', '^lab/bench/library-appender', APPS] },
      { path: '(^|/)@duckdb/' },
      'The store alone knows DuckDB, and what it is measured by; whoever reads spans asks a RowSource.',
    ),
    wall(
      'one-database-in-the-dialect',
      { path: '^lab/', pathNot: '^lab/query/dialect/' },
      { path: '^lab/query/dialect/(?!index\\.ts$)' },
      "SQL that is one database's own comes from a RowSource's dialect; whoever writes a statement does not know which.",
    ),
    wall(
      'page-alone',
      { path: '^page/', pathNot: '^page/(test|bench)/' },
      { path: ROOM, pathNot: ['^(page|base|telemetry)/', ANSWERS] },
      'The page learns everything else over HTTP; only its tests start a lab and a browser.',
    ),
    wall(
      'page-knows-answers-as-types',
      { path: '^page/', pathNot: '^page/(test|bench)/' },
      { path: ANSWERS, dependencyTypesNot: ['type-only'] },
      'What the routes answer is written once, as schemas; the page takes their types and none of their code.',
    ),
    wall(
      'through-the-door',
      { path: ROOM, pathNot: APPS },
      {
        path: ROOM,
        pathNot: ['^$1/', '^(grader/[^/]+|[^/]+)/index\\.ts$', ...exportedFiles(root).map(exactly)],
      },
      'A room is entered by its index.ts, or by a file that its package exports.',
    ),
    wall(
      'start-without-telemetry',
      { path: '^solutions/00-start/' },
      { path: '(^|/)@(opentelemetry|honeycombio)/|opentelemetry' },
      'The pristine start does not use OpenTelemetry.',
    ),
    wall(
      'nothing-missing',
      { pathNot: [...IN_PIECES, APPS] },
      { couldNotResolve: true },
      'Every import leads somewhere.',
    ),
    wall(
      'nothing-undeclared',
      { pathNot: [...IN_PIECES, APPS] },
      { dependencyTypes: ['npm-no-pkg', 'npm-unknown'] },
      'Every package is a dependency of the workspace that imports it, or of the root.',
    ),
  ];
}

export default {
  forbidden: walls(import.meta.dirname),
  options: {
    tsPreCompilationDeps: true,
    combinedDependencies: true,
    doNotFollow: { path: '(^|/)node_modules/' },
    exclude: { path: '(^|/)(dist|\\.angular|\\.workshop|coverage)/' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
    },
  },
};
