import { bootstrapApplication } from '@angular/platform-browser';
import { App } from './app/app';
import { appConfig } from './app/app.config';
import { loadConfig, provideConfig } from './app/config';
import { showStartFailure } from './app/start-failure';
import { startTracing } from './tracing';

async function start(): Promise<void> {
  const config = await loadConfig();
  startTracing(config);
  await bootstrapApplication(App, { providers: [appConfig.providers, provideConfig(config)] });
}

start().catch(showStartFailure);
