import { Api, started } from '#lib/api/client.ts';
import type { PageLoad } from './$types';

export const load: PageLoad = ({ fetch }) => {
  const api = new Api(fetch);
  return { models: started(api.models()), styles: started(api.styles()) };
};
