import type { HttpInterceptorFn } from '@angular/common/http';
import { inject } from '@angular/core';
import { APP_CONFIG } from '../config';

/** Sends requests for a path, such as `/feed`, to the API that the configuration names. */
export const apiInterceptor: HttpInterceptorFn = (request, next) => {
  const { apiUrl } = inject(APP_CONFIG);
  return next(
    request.url.startsWith('/') ? request.clone({ url: apiUrl.replace(/\/$/, '') + request.url }) : request,
  );
};
