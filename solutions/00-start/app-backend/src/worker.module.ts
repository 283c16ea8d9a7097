import { Module } from '@nestjs/common';
import { ConfigModule } from './config/config.module';
import { DatabaseModule } from './database/database.module';
import { FanOut } from './notifications/fan-out';
import { NotificationsRepository } from './notifications/notifications.repository';
import { OutboxModule } from './outbox/outbox.module';
import { OutboxWorker } from './outbox/outbox-worker';
import { UsersModule } from './users/users.module';

@Module({
  imports: [ConfigModule, DatabaseModule, OutboxModule, UsersModule],
  providers: [FanOut, NotificationsRepository, OutboxWorker],
})
export class WorkerModule {}
