import { Controller, Get } from '@nestjs/common';
import { UserWithFollowingCount } from './user';
import { UsersRepository } from './users.repository';

@Controller('users')
export class UsersController {
  constructor(private readonly users: UsersRepository) {}

  @Get()
  list(): Promise<UserWithFollowingCount[]> {
    return this.users.findAll();
  }
}
