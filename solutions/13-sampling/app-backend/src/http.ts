import { INestApplication, ValidationPipe } from '@nestjs/common';
import { AppConfig } from './config/app-config';
import { hostCheck } from './host-check';
import { serverTiming } from './server-timing';

/** Everything about HTTP that is the same for all of Murmur's routes. */
export function configureHttp(app: INestApplication): void {
  const { pageOrigin, allowedHosts } = app.get(AppConfig);
  app.use(serverTiming(pageOrigin));
  app.getHttpAdapter().getInstance().disable('x-powered-by');
  app.use(hostCheck(allowedHosts));
  app.useGlobalPipes(new ValidationPipe({ whitelist: true, transform: true }));
  app.enableCors({
    origin: pageOrigin,
    allowedHeaders: ['content-type', 'authorization', 'traceparent', 'tracestate', 'baggage'],
    exposedHeaders: ['Server-Timing'],
  });
}
