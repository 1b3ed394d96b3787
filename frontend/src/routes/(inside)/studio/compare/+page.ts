import { Api, started } from '#lib/api/client.ts';
import type { PageLoad } from './$types';

/** `{prediction}.{index}`, as a gallery names an image. */
function named(text: string | null): { prediction: string; index: number } | null {
  const [prediction, index] = text?.split('.') ?? [];
  return prediction && index ? { prediction, index: Number(index) } : null;
}

export const load: PageLoad = ({ fetch, url }) => {
  const api = new Api(fetch);
  const side = (name: string) => {
    const at = named(url.searchParams.get(name));
    return at ? { index: at.index, prediction: started(api.prediction(at.prediction)) } : null;
  };
  const a = side('a');
  const model = url.searchParams.get('a')?.split('_')[0];
  const b = side('b');
  return {
    a,
    b,
    /** To choose the other side from, when there is none. */
    others: b || !model ? null : started(api.predictions({ model, limit: 32 })),
  };
};
