import { mappingSchema } from '#environment/mapping-schema.ts';
import { dialectNames, environmentKinds, environmentSchema, transports, type Environment } from '#environment/schema.ts';
import type { HeaderEnvironment } from '#record/record.ts';
import type { Terms } from '#monitor/engine.ts';

const longestName = 120;

/**
 * The environment of a capture: what its header says, and the schema's defaults for the rest. Nothing is ever sent there, so it is only
 * listened to. A header may have been written by anybody: what is not as the schema has it is left at the default.
 */
export function capturedEnvironment({ contract, slo }: Terms, told: HeaderEnvironment, connections: number): Environment {
  const standard = environmentSchema.parse({ id: 'capture', eventsUrl: 'ws://capture.invalid', transport: 'websocket', mode: 'observe' });
  const text = (value: unknown, otherwise: string): string => (typeof value === 'string' && value !== '' ? value.slice(0, longestName) : otherwise);
  const id = text(told.id, standard.id);
  return {
    ...standard,
    id,
    name: text(told.name, id),
    // A mock's capture stays a mock's.
    kind: environmentKinds.find((kind) => kind === told.kind) ?? 'local',
    transport: transports.find((transport) => transport === told.transport) ?? 'websocket',
    dialect: dialectNames.find((name) => name === told.dialect) ?? mappingSchema.safeParse(told.dialect).data ?? 'canonical',
    concurrentConnections: Math.max(1, connections),
    contract,
    slo,
  };
}
