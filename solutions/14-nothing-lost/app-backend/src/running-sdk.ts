import { setTimeout as delay } from 'node:timers/promises';
import { diag } from '@opentelemetry/api';
import type { NodeSDK } from '@opentelemetry/sdk-node';

/** A process has 5 s to end, and a collector that is away must not make it longer. */
const LAST_FLUSH_MS = 3_000;

let running: NodeSDK | undefined;

/** Starts the SDK of this process, and keeps it for the end. It loads nothing that the SDK is to watch. */
export function startTracing(sdk: NodeSDK): void {
  sdk.start();
  running = sdk;
}

/** Sends what still waits. It never fails: who ends a process has nobody to tell. */
export async function stopTracing(): Promise<void> {
  const flushed = running?.shutdown().catch((error) => diag.warn('Spans were lost.', error));
  await Promise.race([flushed, delay(LAST_FLUSH_MS)]);
}
