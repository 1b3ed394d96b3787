// Everything that needs a person: drawn in the browser only, never into the static files.

import { Api, started } from '#lib/api/client.ts';
import type { LayoutLoad } from './$types';

export const ssr = false;

export const load: LayoutLoad = ({ fetch }) => ({ account: started(new Api(fetch).account()) });
