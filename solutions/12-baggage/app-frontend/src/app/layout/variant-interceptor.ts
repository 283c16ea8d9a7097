import type { HttpInterceptorFn } from '@angular/common/http';
import { inject } from '@angular/core';
import { context } from '@opentelemetry/api';
import { Observable } from 'rxjs';
import { withVariant } from '../../ui-variant';
import { LayoutVariant } from './layout-variant';

/** Sends each request in a context that says which layout the visitor has. */
export const variantInterceptor: HttpInterceptorFn = (request, next) => {
  const here = withVariant(context.active(), inject(LayoutVariant).name());
  // What is sent is sent on subscription: that is when the context must be active.
  return new Observable((subscriber) => context.with(here, () => next(request).subscribe(subscriber)));
};
