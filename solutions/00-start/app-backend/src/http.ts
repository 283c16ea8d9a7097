import { INestApplication, ValidationPipe } from '@nestjs/common';
import { AppConfig } from './config/app-config';
import { hostCheck } from './host-check';

/** Everything about HTTP that is the same for all of Murmur's routes. */
export function configureHttp(app: INestApplication): void {
  app.getHttpAdapter().getInstance().disable('x-powered-by');
  app.use(hostCheck(app.get(AppConfig).allowedHosts));
  app.useGlobalPipes(new ValidationPipe({ whitelist: true, transform: true }));
  app.enableCors({
    origin: app.get(AppConfig).pageOrigin,
    allowedHeaders: ['content-type', 'authorization'],
  });
}
