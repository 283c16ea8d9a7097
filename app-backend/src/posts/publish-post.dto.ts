import { IsString, Length } from 'class-validator';

export class PublishPostDto {
  @IsString()
  @Length(1, 280)
  text!: string;
}
