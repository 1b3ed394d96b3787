// Makes the folder of all people's files at Bytescale private, and proves it. Files there are public
// until somebody says otherwise; the setting is inherited by all that lies below.

const FOLDER = "/u";
const DEADLINE_MS = 10_000;
const NOTHING = { permissions: { file: { downloadFile: [] } } };
const RULES = ["Children", "Grandchildren+"].map((scope) => ({ scope, ...NOTHING }));

/**
 * @param {{apiUrl: string, cdnUrl: string, secretKey: string}} store
 * @param {string} folder below the root; another than the product's only in tests
 */
export async function makePrivate({ apiUrl, cdnUrl, secretKey }, folder = FOLDER) {
    const account = secretKey.replace(/^secret_/, "").slice(0, 7);
    const api = `${apiUrl}/v2/accounts/${account}`;
    const authorization = `Bearer ${secretKey}`;
    const call = async (method, url, body) => {
        const answer = await fetch(url, {
            method,
            body: typeof body === "object" ? JSON.stringify(body) : body,
            headers: {
                authorization,
                ...(body && {
                    "content-type": typeof body === "object" ? "application/json" : "text/plain",
                }),
            },
            signal: AbortSignal.timeout(DEADLINE_MS),
        });
        if (!answer.ok) throw new Error(`Bytescale: ${method} ${folder} answers ${answer.status}`);
        return answer;
    };

    const folderSettings = { publicPermissions: { set: true, value: RULES } };
    await call("PUT", `${api}/folders`, { folderPath: folder, folderSettings });
    const read = await call("GET", `${api}/folders?folderPath=${encodeURIComponent(folder)}`);
    const rules = (await read.json()).settings?.publicPermissions ?? [];
    const closed = (scope) =>
        rules.some(
            (rule) => rule.scope === scope && rule.permissions?.file?.downloadFile?.length === 0,
        );
    if (!RULES.every(({ scope }) => closed(scope))) {
        throw new Error(`Bytescale: ${folder} is not private, although that was asked for`);
    }

    // What the settings say is one thing; what a stranger is given is the other.
    const file = `${folder}/launch-check/${crypto.randomUUID()}.txt`;
    const named = `filePath=${encodeURIComponent(file)}`;
    await call("POST", `${api}/uploads/binary?${named}`, "private?");
    try {
        const seen = await fetch(`${cdnUrl}/${account}/raw${file}`, {
            signal: AbortSignal.timeout(DEADLINE_MS),
        });
        await seen.body?.cancel();
        if (seen.ok) throw new Error(`Bytescale: anybody can read what lies below ${folder}`);
    } finally {
        await call("DELETE", `${api}/files?${named}`);
    }
}
