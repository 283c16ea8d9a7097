import { Controller, Get, ServiceUnavailableException } from '@nestjs/common';
import { Database } from '../database/database';

@Controller('health')
export class HealthController {
  constructor(private readonly database: Database) {}

  /** Answers 503 when the database does not. */
  @Get()
  async check(): Promise<{ status: 'ok'; database: 'ok' }> {
    try {
      await this.database.query('SELECT 1');
    } catch {
      throw new ServiceUnavailableException({ status: 'unavailable', database: 'unreachable' });
    }
    return { status: 'ok', database: 'ok' };
  }
}
