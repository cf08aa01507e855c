import { mockCommand } from './command.ts';

/** The bundled target as a process of its own. */

process.exitCode = await mockCommand(process.argv.slice(2));
