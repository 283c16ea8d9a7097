import { Transform } from 'class-transformer';
import { IsString, Length, Matches } from 'class-validator';

export class PublishPostDto {
  @Transform(({ value }) => (typeof value === 'string' ? value.trim() : value))
  @IsString()
  @Length(1, 280)
  @Matches(/^[^\0]*$/, { message: 'text must not contain NUL characters' })
  text!: string;
}
