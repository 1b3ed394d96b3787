// Sums up what the KV services have counted.

export default {
    async fetch(_request, env) {
        const sum = { reads: 0, writes: 0 };
        for (const namespace of Object.values(env)) {
            const counts = await (await namespace.fetch("http://meter/")).json();
            for (const name of Object.keys(sum)) sum[name] += counts[name];
        }
        return Response.json(sum);
    },
};
