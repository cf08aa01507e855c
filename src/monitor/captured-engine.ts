import { err, ok, type Result } from '#base/result.ts';
import { capturedContractSchema, capturedSloSchema } from '#environment/schema.ts';
import { dialectOf } from '#protocol/dialects.ts';
import type { HeaderRecord } from '#record/record.ts';
import { Engine, type EngineListener } from './engine.ts';

/** An engine for the capture that this header begins; a sentence where the header cannot be judged by. */
export function capturedEngine(header: HeaderRecord, listener: EngineListener = {}): Result<Engine, string> {
  const { environment } = header;
  const contract = capturedContractSchema.safeParse(environment.contract ?? {});
  if (!contract.success) return err(`the header's contract is not valid at ${contract.error.issues[0]?.path.join('.')}`);
  const slo = capturedSloSchema.safeParse(environment.slo ?? {});
  if (!slo.success) return err(`the header's slo is not valid at ${slo.error.issues[0]?.path.join('.')}`);
  const dialect = dialectOf(environment.dialect ?? 'canonical');
  if (dialect === undefined) return err(`the header names the dialect ${JSON.stringify(environment.dialect)}, which this Runwatch does not speak`);
  return ok(new Engine(header, { contract: contract.data, slo: slo.data, dialect }, listener));
}
