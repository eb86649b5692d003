/** The same attacks in Firefox, where there is one. */
import { attackSuite } from './define.ts';
import { findFirefox, openInFirefox } from './firefox.ts';

const firefox = findFirefox();
if (firefox === undefined) console.log('No Firefox found: the attack suite runs in Chromium alone.');
else attackSuite('Firefox', (_browser, url) => openInFirefox(firefox, url));
