import { Global, Module } from '@nestjs/common';
import { UsersModule } from '../users/users.module';
import { SessionTokens } from './session-tokens';
import { SessionsController } from './sessions.controller';

/** Global, because the guards of every other feature read tokens. */
@Global()
@Module({
  imports: [UsersModule],
  controllers: [SessionsController],
  providers: [SessionTokens],
  exports: [SessionTokens],
})
export class SessionsModule {}
