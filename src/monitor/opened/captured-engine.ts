import { err, ok, type Result } from '#base/result.ts';
import { faultsOf, type ConfigFault } from '#environment/environments-file.ts';
import { mappingSchema } from '#environment/mapping-schema.ts';
import { capturedContractSchema, capturedSloSchema } from '#environment/schema.ts';
import type { Dialect } from '#protocol/dialect.ts';
import { dialectOf } from '#protocol/dialects.ts';
import type { HeaderEnvironment, HeaderRecord } from '#record/record.ts';
import { Engine, type EngineListener, type Terms } from '#monitor/engine.ts';

/** An engine for the capture that this header begins; a sentence where the header cannot be judged by. */
export function capturedEngine(header: HeaderRecord, listener: EngineListener = {}): Result<Engine, string> {
  const terms = capturedTerms(header);
  return terms.ok ? ok(new Engine(header, terms.value, listener)) : terms;
}

/** By what the capture that this header begins is judged; a sentence where the header does not tell it rightly. */
export function capturedTerms({ environment }: HeaderRecord): Result<Terms, string> {
  const contract = capturedContractSchema.safeParse(environment.contract ?? {});
  if (!contract.success) return err(`the header's contract is not valid at ${contract.error.issues[0]?.path.join('.')}`);
  const slo = capturedSloSchema.safeParse(environment.slo ?? {});
  if (!slo.success) return err(`the header's slo is not valid at ${slo.error.issues[0]?.path.join('.')}`);
  const dialect = capturedDialect(environment.dialect ?? 'canonical');
  return dialect.ok ? ok({ contract: contract.data, slo: slo.data, dialect: dialect.value }) : dialect;
}

function capturedDialect(told: HeaderEnvironment['dialect']): Result<Dialect, string> {
  if (typeof told === 'string') {
    const dialect = dialectOf(told);
    return dialect === undefined ? err(`the header names the dialect ${JSON.stringify(told)}, which this Runwatch does not speak`) : ok(dialect);
  }
  // Not so lenient as with the contract: read past a field of a later version, and other events come of the same frames.
  const mapping = mappingSchema.safeParse(told);
  return mapping.success ? ok(dialectOf(mapping.data)) : err(`the header's mapping is not valid: ${faultsOf(mapping.error, told).map(faultText).join('; ')}`);
}

const faultText = ({ path, found, expected }: ConfigFault): string => `${path}: found ${found}, expected ${expected}`;
