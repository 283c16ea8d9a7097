import { Controller, Get, UseGuards } from '@nestjs/common';
import { CurrentUserId } from '../sessions/current-user-id.decorator';
import { SessionGuard } from '../sessions/session.guard';
import { Notification, NotificationsRepository } from './notifications.repository';

const NEWEST = 50;

@Controller('notifications')
@UseGuards(SessionGuard)
export class NotificationsController {
  constructor(private readonly notifications: NotificationsRepository) {}

  @Get()
  async list(@CurrentUserId() userId: string): Promise<{ notifications: Notification[] }> {
    return { notifications: await this.notifications.findNewestFor(userId, NEWEST) };
  }
}
