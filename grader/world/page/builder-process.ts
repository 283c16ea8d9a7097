/**
 * A process that builds one Angular workspace, again after each change of its files, and tells its parent of every
 * build. Angular's own builder does the work, with the options of the workspace's angular.json.
 *
 * argv: folder of the workspace, folder for the built files.
 */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import type { BuilderMessage } from './resident-builder.ts';

const [workspace = '', output = ''] = process.argv.slice(2);

// Angular's packages, as the workspace finds them.
const fromWorkspace = createRequire(path.join(workspace, 'package.json'));
const fromBuilder = createRequire(fromWorkspace.resolve('@angular/build/package.json'));
const { Architect } = fromBuilder('@angular-devkit/architect');
const { WorkspaceNodeModulesArchitectHost } = fromBuilder('@angular-devkit/architect/node');
const fromArchitect = createRequire(fromBuilder.resolve('@angular-devkit/architect/package.json'));
const { json, logging, workspaces } = fromArchitect('@angular-devkit/core');
const { NodeJsSyncHost } = fromArchitect('@angular-devkit/core/node');

process.on('disconnect', () => process.exit());

let lines: string[] = [];
/**
 * The changes that each build was for, in the order of the builds; the first was for none. A build's result may reach
 * us after the next one has begun and said its changes, so that they are matched by their place.
 */
const changes: string[][] = [[]];

const logger = new logging.Logger('page');
logger.subscribe(({ level, message }: { level: string; message: string }) => {
  const changed = level === 'info' ? changedFiles(message) : null;
  if (changed) changes.push(changed);
  if (level === 'warn' || level === 'error' || level === 'fatal') lines.push(message);
});

/** With `verbose`, the builder says which files a build was for: an object of three lists. */
function changedFiles(message: string): string[] | null {
  if (!message.startsWith('{')) return null;
  try {
    const { added, modified, removed } = JSON.parse(message) as Record<string, string[] | undefined>;
    return added && modified && removed ? [...added, ...modified, ...removed] : null;
  } catch {
    return null;
  }
}

function tell(message: BuilderMessage): void {
  process.send?.(message);
}

async function start(): Promise<void> {
  const registry = new json.schema.CoreSchemaRegistry();
  registry.addPostTransform(json.schema.transforms.addUndefinedDefaults);
  const { workspace: definition } = await workspaces.readWorkspace(
    workspace,
    workspaces.createWorkspaceHost(new NodeJsSyncHost()),
  );
  const host = new WorkspaceNodeModulesArchitectHost(definition, workspace);
  const architect = new Architect(host, registry);
  const run = await architect.scheduleTarget(
    { project: projectWithPage(), target: 'build', configuration: 'production' },
    {
      watch: true,
      verbose: true,
      progress: false,
      clearScreen: false,
      deleteOutputPath: true,
      outputPath: { base: output, browser: '' },
      // The place of a span in the learner's source is read from it.
      sourceMap: { scripts: true, styles: false, hidden: false },
    },
    { logger },
  );
  run.output.subscribe({
    next({ success, error }: { success: boolean; error?: string }) {
      if (error) lines.push(error);
      tell({ kind: 'built', success, changed: changes.shift() ?? [], output: lines.join('\n') });
      lines = [];
    },
    error: fail,
  });
}

function projectWithPage(): string {
  const { projects } = JSON.parse(readFileSync(path.join(workspace, 'angular.json'), 'utf8'));
  return Object.keys(projects).find((name) => projects[name].architect?.build) ?? '';
}

function fail(error: unknown): void {
  tell({ kind: 'failed', output: [...lines, String((error as Error)?.message ?? error)].join('\n') });
}

start().catch(fail);
