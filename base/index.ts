/**
 * What every room may use and none owns. It loads nothing but Node's own modules, since each command waits for it;
 * `@workshop/base/files`, `/json`, `/tables` and `/terminal` bring a library each and are imported where they are used.
 */
export { type Draw, drawFrom, freshSeed } from './draw.ts';
export { EXIT_CODES, type ExitCode, WorkshopError } from './error.ts';
export { type Lock, takeLock, tryLock } from './lock.ts';
export { type CollectorEnvironment, openTelemetryEnvironment } from './opentelemetry-environment.ts';
export { accepts, freePort, isFree } from './ports.ts';
export { repositoryRoot, workshopDirectory } from './root.ts';
export { type Patience, until } from './until.ts';
export { visibleText } from './visible-text.ts';
