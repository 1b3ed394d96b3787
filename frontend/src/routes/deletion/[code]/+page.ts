import { Api, started } from '#lib/api/client.ts';
import type { PageLoad } from './$types';

export const prerender = false;
export const ssr = false;

export const load: PageLoad = ({ fetch, params }) => ({
  code: params.code,
  receipt: started(new Api(fetch).receipt(params.code)),
});
