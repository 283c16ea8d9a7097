import { type EnvironmentProviders, InjectionToken, makeEnvironmentProviders } from '@angular/core';

/**
 * What the page learns from the `config.json` served beside it. A URL is either
 * absolute (`http://localhost:3000`) or a path on the page's own origin (`/api`).
 */
export interface AppConfig {
  readonly apiUrl: string;
  readonly collectorUrl: string;
}

export const APP_CONFIG = new InjectionToken<AppConfig>('APP_CONFIG');

/**
 * Fetches `config.json`, before Angular starts.
 *
 * @throws Error when the file is missing, or lacks one of the two addresses.
 */
export async function loadConfig(): Promise<AppConfig> {
  const response = await fetch(new URL('config.json', document.baseURI), { cache: 'no-store' });
  if (!response.ok) {
    throw new Error(`config.json answered ${response.status}`);
  }
  const config: Partial<AppConfig> | null = await response.json();
  for (const name of ['apiUrl', 'collectorUrl'] as const) {
    if (typeof config?.[name] !== 'string') {
      throw new Error(`config.json has no "${name}"`);
    }
  }
  return config as AppConfig;
}

export function provideConfig(config: AppConfig): EnvironmentProviders {
  return makeEnvironmentProviders([{ provide: APP_CONFIG, useValue: config }]);
}
