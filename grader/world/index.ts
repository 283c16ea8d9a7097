export { type DatabaseServer, type DatabaseServerOptions, startDatabaseServer } from './database/server.ts';
export { ensureTemplate, type SeedTemplate } from './database/template.ts';
export { createTreeDatabase, type TreeDatabase } from './database/tree-database.ts';
export { type DelayProxy, type DelayProxyOptions, startDelayProxy } from './delay-proxy.ts';
export { WorldError } from './error.ts';
export { type ReservedPort, reservePort } from './ports.ts';
