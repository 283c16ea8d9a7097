import { Global, Module } from '@nestjs/common';
import { Database } from './database';
import { Migrator } from './migrator';

@Global()
@Module({
  providers: [Database, Migrator],
  exports: [Database],
})
export class DatabaseModule {}
