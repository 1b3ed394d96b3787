import { Api, started } from '#lib/api/client.ts';
import type { PageLoad } from './$types';

export const load: PageLoad = ({ fetch, params }) => {
  const api = new Api(fetch);
  return {
    id: params.prediction,
    model: params.model,
    prediction: started(api.prediction(params.prediction)),
  };
};
