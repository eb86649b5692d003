import { useEffect, useState } from 'preact/hooks';
import type { ReviewCard, ReviewRecord } from '../../store/progress.ts';
import './review.css';

export function ReviewCardView({ card }: { card: ReviewCard }) {
  const [kept, setKept] = useState<ReviewRecord>();
  const [problem, setProblem] = useState('');

  useEffect(() => {
    void import('../../store/progress.ts')
      .then(({ reviews }) => reviews())
      .then((cards) => setKept(cards.find(({ id }) => id === card.id)))
      .catch(() => undefined);
  }, []);

  const keep = async (): Promise<void> => {
    try {
      const { addReview } = await import('../../store/progress.ts');
      setKept(await addReview(card));
    } catch {
      setProblem('The card could not be kept in this browser.');
    }
  };

  return (
    <div class="b-review not-content">
      <p class="b-review-question">{card.question}</p>
      <details>
        <summary>Answer</summary>
        <p>{card.answer}</p>
      </details>
      <p role="status">
        {kept === undefined ? (
          <button type="button" class="b-link-button" onClick={() => void keep()}>
            Keep as a review card, due in 3 days
          </button>
        ) : (
          `Kept. It comes back on ${new Date(kept.dueIso).toLocaleDateString(undefined, { weekday: 'long', day: 'numeric', month: 'long' })}.`
        )}
        {problem && <span> {problem}</span>}
      </p>
    </div>
  );
}
