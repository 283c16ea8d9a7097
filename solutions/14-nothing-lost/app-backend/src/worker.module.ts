import { Module } from '@nestjs/common';
import { ConfigModule } from './config/config.module';
import { DatabaseModule } from './database/database.module';
import { NotificationsModule } from './notifications/notifications.module';
import { OutboxModule } from './outbox/outbox.module';
import { OutboxBell } from './outbox/outbox-bell';
import { OutboxWorker } from './outbox/outbox-worker';
import { TracingShutdown } from './tracing-shutdown';

@Module({
  imports: [ConfigModule, DatabaseModule, OutboxModule, NotificationsModule],
  providers: [OutboxBell, OutboxWorker, TracingShutdown],
})
export class WorkerModule {}
