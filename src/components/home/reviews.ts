/** Fills the review section: the cards due, each answered in place; or when the next one comes. */
import { answerReview, dueReviews, reviews, subscribe, type ReviewRecord } from '../../store/progress.ts';
import { due, upcoming } from '../dates.ts';

/** Answering a card takes about this long; for the estimate beside the count. */
const minutesPerCard = 4 / 3;

const section = document.querySelector<HTMLElement>('[data-reviews]')!;
const list = section.querySelector<HTMLElement>('[data-reviews-cards]')!;
const count = section.querySelector<HTMLElement>('[data-reviews-count]')!;
const nothing = [...list.children];
const origins = JSON.parse(section.dataset['origins'] ?? '{}') as Record<string, { from: string; href?: string }>;

async function show(): Promise<void> {
  try {
    const cards = await dueReviews();
    if (cards.length > 0) showCards(cards);
    else await showNothing();
  } catch (error) {
    const notice = copy('error');
    notice.querySelector('span')!.textContent = (error as Error).message;
    list.replaceChildren(notice);
  }
}

function showCards(cards: readonly ReviewRecord[]): void {
  const minutes = Math.ceil(cards.length * minutesPerCard);
  count.textContent = `${cards.length} ${cards.length === 1 ? 'card' : 'cards'}, about ${minutes} minutes`;
  list.replaceChildren(...cards.map(cardItem));
}

async function showNothing(): Promise<void> {
  const next = (await reviews())[0];
  count.textContent = next ? `Nothing due. Next card ${upcoming(next.dueIso)}.` : 'Nothing due.';
  list.replaceChildren(...nothing);
}

function cardItem(card: ReviewRecord): HTMLElement {
  const item = copy('card');
  const origin = origins[card.slug];
  item.querySelector('strong')!.textContent = due(card.dueIso);
  item.querySelector('span')!.textContent = origin?.from ?? card.slug;
  item.querySelector('.b-due__question')!.textContent = card.question;
  const way = item.querySelector<HTMLElement>('.b-due__way')!;
  if (card.kind === 'kata') offerKata(way, card, origin?.href);
  else offerAnswer(way, card);
  return item;
}

function offerKata(way: HTMLElement, card: ReviewRecord, href: string | undefined): void {
  const link = document.createElement('a');
  link.href = href ?? '#';
  link.textContent = 'Open the kata';
  way.append(link, verdictButtons(card, way));
}

function offerAnswer(way: HTMLElement, card: ReviewRecord): void {
  const button = document.createElement('button');
  button.type = 'button';
  button.className = 'b-link-button';
  button.textContent = 'Answer';
  button.addEventListener('click', () => {
    const shown = verdictButtons(card, way);
    way.replaceChildren(shown);
    way.querySelector<HTMLElement>('[data-remembered]')?.focus();
  });
  way.append(button);
}

function verdictButtons(card: ReviewRecord, way: HTMLElement): HTMLElement {
  const box = document.createElement('div');
  box.append(section.querySelector<HTMLTemplateElement>('[data-answer]')!.content.cloneNode(true));
  const answer = box.querySelector<HTMLElement>('.b-due__answer')!;
  answer.textContent = card.answer ?? '';
  answer.hidden = card.answer === undefined;
  const settle = async (remembered: boolean) => {
    settled = true;
    const next = await answerReview(card.id, remembered);
    way.tabIndex = -1;
    way.textContent = next ? `Next ${upcoming(next.dueIso)}` : 'This card is gone.';
    way.focus();
  };
  box.querySelector('[data-remembered]')!.addEventListener('click', () => void settle(true));
  box.querySelector('[data-forgotten]')!.addEventListener('click', () => void settle(false));
  return box;
}

function copy(name: string): HTMLElement {
  const template = section.querySelector<HTMLTemplateElement>(`template[data-${name}]`)!;
  return template.content.firstElementChild!.cloneNode(true) as HTMLElement;
}

/** A card answered on this page keeps its place and shows its next date, so the list is not drawn anew for it. */
let settled = false;

void show().then(() => section.toggleAttribute('data-ready', true));
subscribe((change) => {
  if (change === 'all' || (change === 'reviews' && !settled)) void show();
});
