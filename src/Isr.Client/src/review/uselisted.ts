import { useEffect, useState } from 'preact/hooks';
import { useDesk } from '../desk';
import type { Listed } from './review';

/** What is listed now; drawn anew when it is something else. */
export function useListed(): Listed {
  const { review } = useDesk();
  const [, draw] = useState(0);
  const { listed } = review;
  useEffect(() => {
    let last = listed;
    const look = () => {
      if (review.listed === last) return;
      last = review.listed;
      draw((count) => count + 1);
    };
    look();
    return review.subscribe(look);
  }, [review]);
  return listed;
}
