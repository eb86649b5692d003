import { useEffect, useState } from 'preact/hooks';

/** `wide`: three panes. `middle`: the editor, and beside it one of brief and results. `narrow`: one of three. */
export type Layout = 'wide' | 'middle' | 'narrow';
export type TabId = 'brief' | 'editor' | 'results';

/** The same widths stand in workbench.css. */
const wide = '(min-width: 75rem)';
const middle = '(min-width: 54rem)';

export function useLayout(): Layout {
  const [layout, setLayout] = useState<Layout>('wide');
  useEffect(() => {
    const queries = [wide, middle].map((query) => matchMedia(query));
    const update = () => setLayout(queries[0]!.matches ? 'wide' : queries[1]!.matches ? 'middle' : 'narrow');
    update();
    for (const query of queries) query.addEventListener('change', update);
    return () => queries.forEach((query) => query.removeEventListener('change', update));
  }, []);
  return layout;
}

/** Which panes are in tabs, in order. */
export const tabbed: Record<Layout, readonly TabId[]> = {
  wide: [],
  middle: ['brief', 'results'],
  narrow: ['brief', 'editor', 'results'],
};
