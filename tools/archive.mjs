// Reads a ZIP archive by its directory, as any program does, and checks every sum.

import { crc32 } from "node:zlib";

const END = 0x06054b50;
const CENTRAL = 0x02014b50;

/** How many entries the last bytes of an archive promise; nothing when they are not its end. */
export function promisedEntries(tail) {
    for (let at = tail.length - 22; at >= 0; at -= 1) {
        if (tail.readUInt32LE(at) === END) return tail.readUInt16LE(at + 10);
    }
    return null;
}

/** @param {Buffer} archive @returns {Map<string, Buffer>} what is stored, by name */
export function readArchive(archive) {
    const end = archive.length - 22;
    if (archive.readUInt32LE(end) !== END) throw new Error("the archive has no end");
    const entries = new Map();
    let at = archive.readUInt32LE(end + 16);
    for (let left = archive.readUInt16LE(end + 10); left > 0; left -= 1) {
        if (archive.readUInt32LE(at) !== CENTRAL) throw new Error("the directory breaks off");
        const [sum, size] = [archive.readUInt32LE(at + 16), archive.readUInt32LE(at + 24)];
        const [name, extra] = [archive.readUInt16LE(at + 28), archive.readUInt16LE(at + 30)];
        const header = archive.readUInt32LE(at + 42);
        const title = archive.toString("utf8", at + 46, at + 46 + name);
        const from = header + 30 + archive.readUInt16LE(header + 26);
        const data = archive.subarray(from, from + size);
        if (crc32(data) !== sum) throw new Error(`${title} is damaged`);
        entries.set(title, data);
        at += 46 + name + extra;
    }
    return entries;
}
