import { createParamDecorator, ExecutionContext } from '@nestjs/common';
import { RequestWithSession } from './session.guard';

/** The signed-in user's id; undefined for a visitor where the guard lets visitors pass. */
export const CurrentUserId = createParamDecorator(
  (_data: unknown, context: ExecutionContext) =>
    context.switchToHttp().getRequest<RequestWithSession>().userId,
);
