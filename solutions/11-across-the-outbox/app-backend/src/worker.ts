import './worker-tracing';
import 'reflect-metadata';
import { Logger } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { WorkerModule } from './worker.module';

async function bootstrap(): Promise<void> {
  const app = await NestFactory.createApplicationContext(WorkerModule);
  app.enableShutdownHooks();
  Logger.log("Murmur's worker waits for messages", 'Bootstrap');
}

bootstrap().catch((error: Error) => {
  Logger.fatal(error.stack ?? error, 'Bootstrap');
  process.exit(1);
});
