// The KV of all arms: a map in memory behind workerd's `kvNamespace`, and the meter that counts
// what is asked of it. It knows of KV's HTTP form only what the Workers here use.

const values = new Map();
const counts = { reads: 0, writes: 0 };

function list(url) {
    const prefix = url.searchParams.get("prefix") ?? "";
    const names = [...values.keys()].filter((name) => name.startsWith(prefix)).sort();
    return Response.json({ keys: names.map((name) => ({ name })), list_complete: true });
}

export default {
    async fetch(request) {
        const url = new URL(request.url);
        const key = decodeURIComponent(url.pathname.slice(1));
        if (url.host === "meter") return Response.json(counts);
        if (request.method === "GET" && key !== "") {
            counts.reads += 1;
            const value = values.get(key);
            return value === undefined
                ? new Response("", { status: 404 })
                : new Response(value, { headers: { "cf-kv-metadata": "null" } });
        }
        counts.writes += 1;
        if (request.method === "GET") return list(url);
        if (request.method === "PUT") values.set(key, await request.text());
        else values.delete(key);
        return new Response("");
    },
};
