import type { Page } from '@playwright/test';
import type { Records } from '../../src/store/records.ts';

/** Puts records into the page's own database, as if the learner had made them. The page must have opened it once. */
export async function fillStore(page: Page, records: { [S in keyof Records]?: Records[S][] }): Promise<void> {
  await page.evaluate(async (stores) => {
    const database = await new Promise<IDBDatabase>((resolve, reject) => {
      const opening = indexedDB.open('ballast');
      opening.onsuccess = () => resolve(opening.result);
      opening.onerror = () => reject(new Error(String(opening.error)));
    });
    const names = Object.keys(stores);
    const transaction = database.transaction(names, 'readwrite');
    for (const [name, list] of Object.entries(stores)) {
      for (const record of list) transaction.objectStore(name).put(record);
    }
    await new Promise((resolve) => (transaction.oncomplete = resolve));
    database.close();
  }, records);
}
