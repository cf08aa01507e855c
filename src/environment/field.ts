import * as z from 'zod/mini';

// Zod would compile its checks with `new Function`, which the page's Content-Security-Policy forbids.
z.config({ jitless: true });

/** A field with its line in the reference. */
export const field = <T extends z.ZodMiniType>(text: string, schema: T): T => schema.check(z.describe(text));
/** The same, with what holds where the file says nothing. */
export const defaulted = <T extends z.ZodMiniType>(text: string, schema: T, value: z.core.util.NoUndefined<z.output<T>>) => field(text, z._default(schema, value));
export const optional = <T extends z.ZodMiniType>(text: string, schema: T) => field(text, z.optional(schema));
