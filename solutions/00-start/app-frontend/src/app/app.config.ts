import { provideHttpClient, withInterceptors } from '@angular/common/http';
import {
  type ApplicationConfig,
  inject,
  provideAppInitializer,
  provideBrowserGlobalErrorListeners,
} from '@angular/core';
import { provideRouter, withComponentInputBinding, withInMemoryScrolling } from '@angular/router';
import { apiInterceptor } from './api/api-interceptor';
import { routes } from './app.routes';
import { LayoutVariant } from './layout/layout-variant';
import { sessionInterceptor } from './session/session-interceptor';

export const appConfig: ApplicationConfig = {
  providers: [
    provideBrowserGlobalErrorListeners(),
    // Before anybody is sent to sign in: that page's address does not say which layout was chosen.
    provideAppInitializer(() => void inject(LayoutVariant)),
    provideRouter(
      routes,
      withComponentInputBinding(),
      withInMemoryScrolling({ scrollPositionRestoration: 'enabled' }),
    ),
    // In this order: the session's knows a request to the API by its path, which the API's makes an address.
    provideHttpClient(withInterceptors([sessionInterceptor, apiInterceptor])),
  ],
};
