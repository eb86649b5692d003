/** Dates as the pages say them. All take ISO 8601 and speak of the reader's own day. */

const dayMs = 86_400_000;

function daysFromToday(iso: string): number {
  const midnight = (date: Date) => new Date(date.getFullYear(), date.getMonth(), date.getDate()).getTime();
  return Math.round((midnight(new Date(iso)) - midnight(new Date())) / dayMs);
}

/** "today", "yesterday", "3 days ago", "12 March" */
export function day(iso: string): string {
  const days = daysFromToday(iso);
  if (days > -7 && days < 1) return new Intl.RelativeTimeFormat('en', { numeric: 'auto' }).format(days, 'day');
  return new Date(iso).toLocaleDateString('en-GB', { day: 'numeric', month: 'long' });
}

/** "yesterday 18:40" */
export function whenWithTime(iso: string): string {
  return `${day(iso)} ${new Date(iso).toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit' })}`;
}

/** A date to come: "tomorrow", "on Friday", "on 12 March" */
export function upcoming(iso: string): string {
  const days = daysFromToday(iso);
  if (days <= 0) return 'today';
  if (days === 1) return 'tomorrow';
  if (days < 7) return `on ${new Date(iso).toLocaleDateString('en-GB', { weekday: 'long' })}`;
  return `on ${day(iso)}`;
}

/** How long a card has been due: "Today", "Due yesterday", "Due 2 days ago" */
export function due(iso: string): string {
  return daysFromToday(iso) >= 0 ? 'Today' : `Due ${day(iso)}`;
}
