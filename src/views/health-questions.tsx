import { useHealth, type HealthAsk, type ValuesOf } from './use-health.ts';

interface HealthQuestionsProps {
  readonly asks: readonly HealthAsk[];
  readonly valuesOf: ValuesOf;
}

/** Puts the questions, each in its own rhythm; there is nothing to see. */
export const HealthQuestions = ({ asks, valuesOf }: HealthQuestionsProps) => asks.map((ask) => <HealthQuestion key={ask.id} ask={ask} valuesOf={valuesOf} />);

function HealthQuestion({ ask, valuesOf }: { readonly ask: HealthAsk; readonly valuesOf: ValuesOf }) {
  useHealth(ask, valuesOf);
  return null;
}
