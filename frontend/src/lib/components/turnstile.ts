// Loads the script of Turnstile once for a page; nothing is loaded before somebody asks for it.

interface TurnstileOptions {
  sitekey: string;
  action: string;
  callback: (token: string) => void;
  'expired-callback': () => void;
  'error-callback': () => void;
}

export interface TurnstileScript {
  render: (place: HTMLElement, options: TurnstileOptions) => string;
  reset: (id: string) => void;
  remove: (id: string) => void;
}

let loading: Promise<TurnstileScript> | null = null;

export function loadTurnstile(address: string): Promise<TurnstileScript> {
  loading ??= new Promise<TurnstileScript>((resolve, reject) => {
    const script = document.createElement('script');
    script.src = `${address}?render=explicit`;
    script.async = true;
    script.onload = () => {
      const { turnstile } = globalThis as { turnstile?: TurnstileScript };
      if (turnstile) resolve(turnstile);
      else reject(new Error('the script is not that of Turnstile'));
    };
    script.onerror = () => reject(new Error('the script of Turnstile could not be loaded'));
    document.head.append(script);
  }).catch((error: unknown) => {
    // Whoever comes back to the form gets another chance.
    loading = null;
    throw error;
  });
  return loading;
}
