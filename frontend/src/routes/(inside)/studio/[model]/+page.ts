import { Api, started } from '#lib/api/client.ts';
import type { PageLoad } from './$types';

export const load: PageLoad = ({ fetch, params, url }) => {
  const api = new Api(fetch);
  const recipeFrom = url.searchParams.get('from');
  return {
    id: params.model,
    model: started(api.model(params.model)),
    predictions: started(api.predictions({ model: params.model, limit: 16 })),
    styles: started(api.styles()),
    /** The picture whose recipe fills the prompt box, when the address names one. */
    from: recipeFrom ? started(api.prediction(recipeFrom)) : null,
  };
};
