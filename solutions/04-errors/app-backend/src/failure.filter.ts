import { ArgumentsHost, Catch, HttpException } from '@nestjs/common';
import { BaseExceptionFilter } from '@nestjs/core';
import { markFailed } from './failures';
import { requestSpan } from './request-span';

/** Answers as Nest does, and marks the request's SERVER span when the failure is the server's. */
@Catch()
export class FailureFilter extends BaseExceptionFilter {
  override catch(error: unknown, host: ArgumentsHost): void {
    const span = requestSpan();
    if (span && !(error instanceof HttpException && error.getStatus() < 500)) {
      markFailed(span, error);
    }
    super.catch(error, host);
  }
}
