import { Matches } from 'class-validator';

export class CreateSessionDto {
  @Matches(/^\d{4}$/, { message: 'userId must be a string of four digits' })
  userId!: string;
}
