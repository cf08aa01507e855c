import { canonical } from './canonical.ts';
import type { Dialect } from './dialect.ts';
import { netra } from './netra.ts';

const dialects: ReadonlyMap<string, Dialect> = new Map([canonical, netra].map((dialect) => [dialect.id, dialect]));

/** The dialect that an environment or a capture names, or undefined where this build does not know it. */
export const dialectOf = (name: string): Dialect | undefined => dialects.get(name);
