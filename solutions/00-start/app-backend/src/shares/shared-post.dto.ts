import { IsString, Length } from 'class-validator';

export class SharedPostDto {
  @IsString()
  @Length(1, 100)
  token!: string;
}
