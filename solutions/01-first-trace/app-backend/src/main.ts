import './tracing';
import 'reflect-metadata';
import { Logger } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { AppModule } from './app.module';
import { AppConfig } from './config/app-config';
import { configureHttp } from './http';

async function bootstrap(): Promise<void> {
  const app = await NestFactory.create(AppModule);
  configureHttp(app);
  app.enableShutdownHooks();
  const { host, port } = app.get(AppConfig);
  await app.listen(port, host);
  Logger.log(`Murmur's API listens on ${await app.getUrl()}`, 'Bootstrap');
}

bootstrap().catch((error: Error) => {
  Logger.fatal(error.stack ?? error, 'Bootstrap');
  process.exit(1);
});
