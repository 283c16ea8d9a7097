import { Injectable, OnApplicationShutdown } from '@nestjs/common';
import { stopTracing } from './running-sdk';

/**
 * Nest calls this hook last: requests are answered by then, and the batch is committed, so nothing more ends that would
 * have to be sent.
 */
@Injectable()
export class TracingShutdown implements OnApplicationShutdown {
  async onApplicationShutdown(): Promise<void> {
    await stopTracing();
  }
}
