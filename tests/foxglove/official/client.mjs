// The official client, as Foxglove Studio and Lichtblick use it: node client.mjs ws://HOST:PORT/foxglove
// Prints one JSON object of what it has seen.
import protocol from "@foxglove/ws-protocol";
import protobuf from "protobufjs";
import "protobufjs/ext/descriptor/index.js";
import WebSocket from "ws";

const { FoxgloveClient } = protocol;
const PATIENCE = 30_000; // ms for the whole
const [url] = process.argv.slice(2);
// in Lichtblick's order
const socket = new WebSocket(url, [FoxgloveClient.SUPPORTED_SUBPROTOCOL, "foxglove.sdk.v1"]);
const client = new FoxgloveClient({ ws: socket });
const seen = { topics: {}, times: [], errors: [], assets: {}, services: {} };
const channels = new Map(); // by topic
const topics = new Map(); // by subscription
const readers = new Map(); // by topic
const services = new Map(); // by name
const answers = new Map(); // by call

client.on("error", (error) => seen.errors.push(String(error)));
client.on("serverInfo", (info) => (seen.info = info));
client.on("advertise", (rows) => rows.forEach((each) => channels.set(each.topic, each)));
client.on("advertiseServices", (rows) => rows.forEach((each) => services.set(each.name, each.id)));
client.on("time", ({ timestamp }) => seen.times.push(Number(timestamp)));
client.on("serviceCallResponse", ({ callId, data }) => answers.set(callId, text(data)));
client.on("serviceCallFailure", ({ callId, message }) => answers.set(callId, message));
client.on("fetchAssetResponse", (told) => {
  seen.assets[told.requestId] = told.status === 0 ? told.data.byteLength : told.error;
});
client.on("message", ({ subscriptionId, timestamp, data }) => {
  const topic = topics.get(subscriptionId);
  const message = reader(channels.get(topic))(data);
  const row = (seen.topics[topic] ??= { count: 0 });
  row.count += 1;
  row.time = Number(timestamp);
  row.last = message;
});

const text = (view) => new TextDecoder().decode(view);
const bytes = (view) => new Uint8Array(view.buffer, view.byteOffset, view.byteLength);

/** Decode by the advertised schema alone. */
function reader(channel) {
  if (!readers.has(channel.topic)) readers.set(channel.topic, made(channel));
  return readers.get(channel.topic);
}

function made(channel) {
  if (channel.encoding === "json") return (view) => JSON.parse(text(view));
  const schema = Buffer.from(channel.schema, "base64");
  const files = protobuf.Root.fromDescriptor(schema);
  const type = files.lookupType(channel.schemaName);
  return (view) => type.toObject(type.decode(bytes(view)), { longs: Number, arrays: true });
}

async function until(isMet) {
  while (!isMet()) await new Promise((go) => setTimeout(go, 10));
}

async function call(name, fields, number) {
  const data = new TextEncoder().encode(JSON.stringify(fields));
  const request = { serviceId: services.get(name), callId: number, encoding: "json", data };
  client.sendServiceCallRequest(request);
  await until(() => answers.has(number));
  seen.services[name] = answers.get(number);
}

setTimeout(() => {
  console.error("too slow", JSON.stringify(seen));
  process.exit(1);
}, PATIENCE).unref();

await until(() => seen.info && channels.size && services.size);
for (const topic of channels.keys()) topics.set(client.subscribe(channels.get(topic).id), topic);
await until(() => (seen.topics["/tf"]?.count ?? 0) > 3 && seen.topics["/scene"]);
const models = seen.topics["/scene"].last.entities.flatMap((entity) => entity.models);
if (models.length) {
  client.fetchAsset(models[0].url, 1);
  await until(() => 1 in seen.assets);
}
client.fetchAsset("package://twin/none/0.glb", 2);
await until(() => 2 in seen.assets);
await call("/pause", {}, 1);
await new Promise((go) => setTimeout(go, 400));
const paused = seen.times.length;
await new Promise((go) => setTimeout(go, 400));
seen.stood = seen.times.length === paused;
await call("/seek", { seconds: 1 }, 2);
await until(() => seen.topics["/tf"].time === 1e9);
await call("/play", {}, 3);
await until(() => seen.times.at(-1) > 1.5e9);
seen.subprotocol = socket.protocol;
console.log(JSON.stringify(seen));
client.close();
