export {
  compiledCodeEnvironment,
  fillCompiledCode,
  keepCompiledCode,
  pruneCompiledCode,
} from './compiled-code.ts';
export type { DatabaseServerOptions } from './database/address.ts';
export { runningDatabaseUrl } from './database/running-server.ts';
export { type DatabaseServer, startDatabaseServer } from './database/server.ts';
export { ensureTemplate, type SeedTemplate } from './database/template.ts';
export { createTreeDatabase, type TreeDatabase } from './database/tree-database.ts';
export { type DelayProxy, type DelayProxyOptions, startDelayProxy } from './delay-proxy.ts';
export { WorldError } from './error.ts';
export type { CollectorCondition } from './otlp-collector.ts';
export {
  BrowserMissingError,
  type BuiltPage,
  buildPage,
  type ConnectedPage,
  openBrowser,
  ownConfigOf,
  type PageAnswer,
  type PageConfig,
  type PageServer,
  type PageSite,
  type PageTiming,
  type PageWorld,
  pageWorld,
  startPageServer,
  stopPageBuilder,
  Visitor,
} from './page/index.ts';
export { type ReservedPort, reservePort } from './ports.ts';
export { ProcessTree } from './process/process-tree.ts';
export { endLeftProcesses } from './process/run-record.ts';
export { runToEnd } from './process/run-to-end.ts';
export { endWithThisProcess } from './process/watchdog.ts';
export type { Replica } from './replica.ts';
export { scriptOf, scriptPath, shellCommand } from './script.ts';
export { stopSharedServer } from './shared-server.ts';
export { type System, type SystemOptions, startSystem } from './system.ts';
export { prepareSystemDatabase } from './system-database.ts';
