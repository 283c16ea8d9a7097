import { Injectable, Logger, OnModuleInit } from '@nestjs/common';
import { AppConfig } from '../config/app-config';
import { applyMigrations } from './migrations';

/** Brings the schema up to date before the API listens and before the worker polls. */
@Injectable()
export class Migrator implements OnModuleInit {
  private readonly logger = new Logger(Migrator.name);

  constructor(private readonly config: AppConfig) {}

  async onModuleInit(): Promise<void> {
    const applied = await applyMigrations(this.config.databaseUrl);
    if (applied.length > 0) {
      this.logger.log(`Applied ${applied.join(', ')}`);
    }
  }
}
