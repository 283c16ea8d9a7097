import { Transform } from 'class-transformer';
import { IsString, Length, Matches } from 'class-validator';

export class SearchDto {
  @Transform(({ value }) => (typeof value === 'string' ? value.trim() : value))
  @IsString()
  @Length(1, 100)
  @Matches(/^[^\0]*$/, { message: 'q must not contain NUL characters' })
  q!: string;
}
