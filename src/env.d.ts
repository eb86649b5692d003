/** What Starlight adds to `Astro.locals`. */
import '@astrojs/starlight';
