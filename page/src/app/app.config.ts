import { provideHttpClient } from '@angular/common/http';
import { type ApplicationConfig, provideBrowserGlobalErrorListeners } from '@angular/core';
import { provideRouter, withComponentInputBinding } from '@angular/router';
import { routes } from './app.routes';

/** Zoneless, as Angular is by default: signals say what changed. */
export const appConfig: ApplicationConfig = {
  providers: [
    provideBrowserGlobalErrorListeners(),
    // The URL holds all state of a view: path and query parameters arrive as the view's inputs.
    provideRouter(routes, withComponentInputBinding()),
    provideHttpClient(),
  ],
};
