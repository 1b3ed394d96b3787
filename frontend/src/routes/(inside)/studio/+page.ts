import { Api, started } from '#lib/api/client.ts';
import type { PageLoad } from './$types';

export const load: PageLoad = ({ fetch }) => ({ models: started(new Api(fetch).models()) });
