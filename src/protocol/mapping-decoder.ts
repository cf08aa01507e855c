import type { JsonValue } from '#base/json.ts';
import type { AgentEvent } from './agent-event.ts';
import { control, decodedEvents, inSendingOrder, rejected } from './decoded.ts';
import type { Decoded, Decoder } from './dialect.ts';
import { eventAt } from './mapping-fields.ts';
import { groupsOf, isList, valueAtKeys } from './mapping-path.ts';
import { nameOf, readMessage, type MappingPlan } from './mapping-plan.ts';
import { frameFault } from './parse.ts';

/** A decoder that keeps nothing from frame to frame but the shape of the last. */
export function createMappingDecoder(plan: MappingPlan): Decoder {
  let shape = '';
  const one = (data: JsonValue, event: string | undefined): Decoded => {
    const named = nameOf(plan, data, event);
    const reading = readMessage(plan, data, named);
    if (reading.kind === 'unnamed') return rejected('no-type');
    if (reading.kind === 'control') {
      shape = 'control';
      return control;
    }
    shape = reading.shape;
    return decodedEvents([eventAt(plan, reading.type, { message: data, key: reading.key, around: undefined })]);
  };
  return {
    decode(frame) {
      const fault = frameFault(frame);
      if (fault !== undefined || frame.data === undefined) return rejected(fault ?? 'no-type');
      const batch = batchIn(plan, frame.data);
      if (batch === undefined) return one(frame.data, frame.event);
      shape = batch.isGrouped ? 'batch by name' : 'batch';
      return decodeBatch(plan, batch, frame.data);
    },
    shapeOf: () => shape,
  };
}

/** The items of a batch, each with the name of the group it stands in. */
export interface MappedBatch {
  readonly items: readonly { readonly item: JsonValue; readonly group: string | undefined }[];
  readonly isGrouped: boolean;
}

/** The batch that a frame is; undefined where it is one message. A list is one too where the name stands at an index of it. */
export function batchIn(plan: MappingPlan, data: JsonValue): MappedBatch | undefined {
  if (isList(data)) return nameOf(plan, data, undefined) === undefined ? listed(data) : undefined;
  for (const { keys, keysOfNames } of plan.batch) {
    if (keysOfNames === undefined) {
      const list = valueAtKeys(data, keys);
      if (isList(list)) return listed(list);
      continue;
    }
    const groups = groupsOf(valueAtKeys(data, keysOfNames));
    if (groups !== undefined) return { items: [...groups].flatMap(([group, list]) => list.map((item) => ({ item, group }))), isGrouped: true };
  }
  return undefined;
}

const listed = (list: readonly JsonValue[]): MappedBatch => ({ items: list.map((item) => ({ item, group: undefined })), isGrouped: false });

/** A batch is taken whole or not at all, and does not nest. Groups have lost the order across names: their times give it back. */
function decodeBatch(plan: MappingPlan, { items, isGrouped }: MappedBatch, around: JsonValue): Decoded {
  const events: AgentEvent[] = [];
  for (const { item, group } of items) {
    const reading = readMessage(plan, item, group === undefined ? nameOf(plan, item, undefined) : { name: group, key: undefined });
    if (reading.kind === 'unnamed') return rejected('no-type');
    if (reading.kind === 'event') events.push(eventAt(plan, reading.type, { message: item, key: reading.key, around }));
  }
  if (events.length === 0) return control;
  return decodedEvents(isGrouped ? inSendingOrder(events) : events);
}
