import { ExecutionContext, Injectable } from '@nestjs/common';
import { RequestWithSession, SessionGuard } from './session.guard';

/** Lets visitors without a session pass, too. A session that is there must still be a valid one. */
@Injectable()
export class OptionalSessionGuard extends SessionGuard {
  override canActivate(context: ExecutionContext): boolean {
    const request = context.switchToHttp().getRequest<RequestWithSession>();
    return request.headers.authorization === undefined || super.canActivate(context);
  }
}
