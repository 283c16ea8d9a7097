import { Body, Controller, NotFoundException, Post } from '@nestjs/common';
import { User } from '../users/user';
import { UsersRepository } from '../users/users.repository';
import { CreateSessionDto } from './create-session.dto';
import { SessionTokens } from './session-tokens';

@Controller('sessions')
export class SessionsController {
  constructor(
    private readonly users: UsersRepository,
    private readonly tokens: SessionTokens,
  ) {}

  @Post()
  async create(@Body() body: CreateSessionDto): Promise<{ token: string; user: User }> {
    const user = await this.users.findById(body.userId);
    if (!user) {
      throw new NotFoundException(`There is no user ${body.userId}.`);
    }
    return { token: this.tokens.issue(user.id), user };
  }
}
