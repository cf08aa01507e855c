import { canonical } from './canonical.ts';
import type { Abilities, Dialect } from './dialect.ts';
import { createMappingConversation } from './mapping-conversation.ts';
import { createMappingDecoder } from './mapping-decoder.ts';
import { mappingPlan } from './mapping-plan.ts';
import { remarksOn } from './mapping-remarks.ts';
import type { Mapping } from './mapping.ts';

/** The dialect that a mapping describes. */
export function dialectOfMapping(mapping: Mapping): Dialect {
  const plan = mappingPlan(mapping);
  return {
    id: 'mapping',
    greets: mapping.welcome !== undefined,
    // A format of one's own has its own trigger, which the environment tells; this one is for a target that is mapped in part.
    triggerTemplate: canonical.triggerTemplate,
    abilities: abilitiesOf(mapping),
    createDecoder: () => createMappingDecoder(plan),
    createConversation: () => createMappingConversation(plan),
    explain: (frame) => remarksOn(plan, frame),
  };
}

function abilitiesOf(mapping: Mapping): Abilities {
  return {
    seq: mapping.seq !== undefined,
    sentAt: mapping.sentAt !== undefined,
    toolCalls: mapping.toolCallId !== undefined,
    tools: mapping.tool !== undefined,
    runIds: mapping.runId !== undefined,
    eventIds: mapping.eventId !== undefined,
    clock: mapping.clock !== undefined,
  };
}
