import { Module } from '@nestjs/common';
import { UsersModule } from '../users/users.module';
import { FanOut } from './fan-out';
import { NotificationsRepository } from './notifications.repository';

/** Notifications without their route: the worker writes them, and has no sessions. */
@Module({
  imports: [UsersModule],
  providers: [FanOut, NotificationsRepository],
  exports: [FanOut, NotificationsRepository],
})
export class NotificationsModule {}
