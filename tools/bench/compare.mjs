// Holds the twin against the product before anything is measured: both must give the same bytes.

/** What is another one in every answer. */
const OWN = new Set(["x-request-id", "date"]);

async function answerOf(port, path, headers) {
    const response = await fetch(`http://127.0.0.1:${port}${path}`, { headers });
    const id = response.headers.get("x-request-id");
    if (!/^[0-9a-hjkmnp-tv-z]{26}$/.test(id)) throw new Error(`${path}: no request id: ${id}`);
    const shown = [...response.headers].filter(([name]) => !OWN.has(name));
    return [
        String(response.status),
        ...shown.map(([name, value]) => `${name}: ${value}`),
        // The id stands in a problem document too.
        (await response.text()).replaceAll(id, "{request id}"),
    ].join("\n");
}

/**
 * @param {{product: number, twin: number}} ports
 * @param {{path: string, headers?: Record<string, string>}[]} requests
 */
export async function compare(ports, requests) {
    for (const { path, headers } of requests) {
        const [product, twin] = [
            await answerOf(ports.product, path, headers),
            await answerOf(ports.twin, path, headers),
        ];
        if (product !== twin) {
            throw new Error(`${path}: the twin answers otherwise\n${product}\n---\n${twin}`);
        }
    }
}
