import { canonical } from './canonical.ts';
import type { Dialect } from './dialect.ts';
import { dialectOfMapping } from './mapping-dialect.ts';
import type { Mapping } from './mapping.ts';
import { netra } from './netra.ts';

const dialects: ReadonlyMap<string, Dialect> = new Map([canonical, netra].map((dialect) => [dialect.id, dialect]));

/** The dialect that an environment or a capture names or describes, or undefined where this build does not know the name. */
export function dialectOf(mapping: Mapping): Dialect;
export function dialectOf(dialect: string | Mapping): Dialect | undefined;
export function dialectOf(dialect: string | Mapping): Dialect | undefined {
  return typeof dialect === 'string' ? dialects.get(dialect) : dialectOfMapping(dialect);
}
