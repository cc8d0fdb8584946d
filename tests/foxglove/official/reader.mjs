// The official reader, as Foxglove and Lichtblick use it: node reader.mjs FILE
// Reads every message through the index, decodes it by its schema, and prints what it has found.
import { open } from "node:fs/promises";
import { McapIndexedReader } from "@mcap/core";
import { FileHandleReadable } from "@mcap/nodejs";
import { loadDecompressHandlers } from "@mcap/support";
import protobuf from "protobufjs";
import "protobufjs/ext/descriptor/index.js";

const file = await open(process.argv[2], "r");
const decompressHandlers = await loadDecompressHandlers();
const readable = new FileHandleReadable(file);
const reader = await McapIndexedReader.Initialize({ readable, decompressHandlers });
const found = { library: reader.header.library, chunks: reader.chunkIndexes.length, topics: {} };
const readers = new Map();
let last = 0n;
for await (const message of reader.readMessages({ validateCrcs: true })) {
  if (message.logTime < last) throw new Error(`back in time at ${message.logTime}`);
  last = message.logTime;
  const channel = reader.channelsById.get(message.channelId);
  const row = (found.topics[channel.topic] ??= { count: 0 });
  row.count += 1;
  row.last = decode(channel, message.data);
  if (channel.topic === "/scene") row.last = { entities: row.last.entities.length };
}
found.end = Number(last);
console.log(JSON.stringify(found));
await file.close();

function decode(channel, data) {
  if (channel.messageEncoding === "json") return JSON.parse(new TextDecoder().decode(data));
  if (!readers.has(channel.id)) {
    const schema = reader.schemasById.get(channel.schemaId);
    readers.set(channel.id, protobuf.Root.fromDescriptor(schema.data).lookupType(schema.name));
  }
  const type = readers.get(channel.id);
  return type.toObject(type.decode(data), { longs: Number, arrays: true });
}
