// The API, answered by the test. A call that the test does not expect fails it, and so does any
// breach of the page's content security policy and any uncaught error.

import { test as base, expect, type Page, type Request } from '@playwright/test';
import { account } from './records.ts';

export interface Answer {
  status?: number;
  body?: unknown;
  /** Instead of a body that is JSON. */
  file?: Buffer;
  headers?: Record<string, string>;
}

type Responder = (request: Request) => Answer | Promise<Answer> | 'never' | 'no-connection';

interface Rule {
  method: string;
  path: string | RegExp;
  respond: Responder;
}

export interface Call {
  method: string;
  path: string;
  query: URLSearchParams;
  headers: Record<string, string>;
  body: string | null;
  bytes: Buffer | null;
}

export class Backend {
  readonly calls: Call[] = [];
  readonly unexpected: string[] = [];
  readonly #rules: Rule[] = [];

  constructor(readonly page: Page) {}

  /** The newest rule for a call counts. */
  on(method: string, path: string | RegExp, answer: Responder | Answer): this {
    const respond = typeof answer === 'function' ? answer : () => answer;
    this.#rules.unshift({ method, path, respond });
    return this;
  }

  calledWith(method: string, path: string): Call[] {
    return this.calls.filter((call) => call.method === method && call.path === path);
  }

  async start(): Promise<void> {
    await this.page.route(/\/(api\/|create$)/, async (route) => {
      const request = route.request();
      const url = new URL(request.url());
      const method = request.method();
      if (url.pathname === '/create' && method === 'GET') return route.fallback();
      this.calls.push({
        method,
        path: url.pathname,
        query: url.searchParams,
        headers: request.headers(),
        body: request.postData(),
        bytes: request.postDataBuffer(),
      });
      const rule = this.#rules.find(
        (one) =>
          one.method === method &&
          (typeof one.path === 'string' ? one.path === url.pathname : one.path.test(url.pathname)),
      );
      if (!rule) {
        this.unexpected.push(`${method} ${url.pathname}`);
        return route.abort();
      }
      const answer = await rule.respond(request);
      // Playwright ends a request that is never answered when the page closes.
      if (answer === 'never') return;
      if (answer === 'no-connection') return route.abort('internetdisconnected');
      const { status = 200, body, file, headers = {} } = answer;
      const kind = status >= 400 ? 'application/problem+json' : 'application/json';
      await route.fulfill({
        status,
        headers: { 'Content-Type': kind, ...headers },
        body: file ?? (body === undefined ? '' : JSON.stringify(body)),
      });
    });
  }
}

export function problem(slug: string, status: number, more: Record<string, unknown> = {}): Answer {
  const { headers, ...extensions } = more;
  return {
    status,
    body: {
      type: `https://selfie.pr/problems/${slug}`,
      title: slug,
      status,
      detail: 'The detail of the problem.',
      instance: 'urn:request:0123456789abcdef',
      ...extensions,
    },
    ...(headers ? { headers: headers as Record<string, string> } : {}),
  };
}

/**
 * Notes the requests that are to outlive their page, and answers them when asked: what a page
 * sends while it is left is past the reach of the answers above.
 */
export async function noteFarewells(page: Page): Promise<() => Promise<string[]>> {
  await page.addInitScript(() => {
    const send = window.fetch;
    window.fetch = (input, init) => {
      if (init?.keepalive) {
        const said = [init.method, String(input), init.body].filter(Boolean).join(' ');
        const before = JSON.parse(localStorage.getItem('farewells') ?? '[]') as string[];
        localStorage.setItem('farewells', JSON.stringify([...before, said]));
      }
      return send(input, init);
    };
  });
  return () =>
    page.evaluate(() => JSON.parse(localStorage.getItem('farewells') ?? '[]') as string[]);
}

export const test = base.extend<{ backend: Backend }>({
  backend: [
    async ({ page }, use) => {
      const faults: string[] = [];
      page.on('pageerror', (error) => faults.push(error.message));
      page.on('console', (message) => {
        if (message.text().includes('Content Security Policy')) faults.push(message.text());
      });
      const backend = new Backend(page);
      backend
        .on('GET', '/api/account', { body: account() })
        .on('GET', '/api/styles', { body: { styles: [] } })
        .on('GET', '/api/health', {
          body: {
            status: 'ok',
            revision: 'test',
            environment: 'test',
            ledger: true,
            providers: {},
          },
        });
      await backend.start();
      await use(backend);
      expect(backend.unexpected, 'calls that nobody expected').toEqual([]);
      expect(faults, 'errors on the page').toEqual([]);
    },
    { auto: true },
  ],
});

export { expect };
