import { blankAnswer } from '#monitor/whys/whys-drawing.ts';
import type { Why } from '#monitor/whys/whys-report.ts';
import { RecordsLink } from './records-link.tsx';
import './five-whys.css';

interface FiveWhysProps {
  readonly whys: readonly Why[];
  /** What people wrote, by the number of the why from 1. */
  readonly answers: ReadonlyMap<number, string>;
  readonly onAnswer: (number: number, text: string) => void;
}

/** The questions with what the records answer; dashed fields are for people, and kept by nobody but this page. */
export function FiveWhys({ whys, answers, onAnswer }: FiveWhysProps) {
  return (
    <section aria-label="Five whys">
      <h2>
        Five whys <small>evidence is filled in from the records; dashed answers are for people</small>
      </h2>
      <ol className="whys">
        {whys.map((why, index) => (
          <li key={why.question} className="why">
            <span className="why-number" aria-hidden="true">
              {index + 1}
            </span>
            <div>
              <h3>{why.question}</h3>
              {why.open ? (
                <textarea aria-label={`Answer: ${why.question}`} rows={2} placeholder={blankAnswer} value={answers.get(index + 1) ?? ''} onChange={(event) => onAnswer(index + 1, event.currentTarget.value)} />
              ) : (
                <p>{why.answer}</p>
              )}
            </div>
            <ul className="why-evidence" aria-label="Evidence">
              {why.evidence.map(({ text, link }) => (
                <li key={text}>
                  <RecordsLink link={link}>{text}</RecordsLink>
                </li>
              ))}
            </ul>
          </li>
        ))}
      </ol>
    </section>
  );
}
