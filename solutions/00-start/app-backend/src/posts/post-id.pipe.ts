import { BadRequestException, Injectable, PipeTransform } from '@nestjs/common';

/** Post ids are 64-bit numbers, so they stay strings in JavaScript. */
@Injectable()
export class PostIdPipe implements PipeTransform<string, string> {
  transform(value: string): string {
    if (!/^[1-9]\d{0,17}$/.test(value)) {
      throw new BadRequestException('The id of a post is a positive whole number.');
    }
    return value;
  }
}
