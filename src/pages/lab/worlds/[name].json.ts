import type { APIRoute } from 'astro';
import { library, worldOf } from '../../../components/lab/library.ts';

/** A world of the library as the lab loads it. */
export function getStaticPaths() {
  return library().map(({ name }) => ({ params: { name } }));
}

export const GET: APIRoute = ({ params }) => Response.json(worldOf(params['name']!));
