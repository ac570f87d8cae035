// Talks to /echo of the server at the origin that is given, and prints what it saw as JSON.
import { once } from 'node:events';
import WebSocket from 'ws';

const LIMIT_MS = 20_000;
const LARGE = 'compressible '.repeat(20_000);

const url = new URL('/echo', process.argv[2]);

async function open() {
  const socket = new WebSocket(url, { perMessageDeflate: { threshold: 0 } });
  await once(socket, 'open');
  return socket;
}

async function nextMessage(socket) {
  const [data, isBinary] = await once(socket, 'message');
  return { data: isBinary ? data.toString('hex') : data.toString(), isBinary };
}

async function echo(socket, data) {
  const answer = nextMessage(socket);
  socket.send(data);
  return answer;
}

async function echoFragments(socket, ...parts) {
  const answer = nextMessage(socket);
  parts.forEach((part, i) => socket.send(part, { fin: i === parts.length - 1 }));
  return answer;
}

async function ping(socket, payload) {
  const pong = once(socket, 'pong');
  socket.ping(payload);
  return (await pong)[0].toString();
}

/** A long text, and the bytes that went over the wire for it in each direction. */
async function echoLarge(socket) {
  const { bytesRead, bytesWritten } = socket._socket;
  const { data } = await echo(socket, LARGE);
  return {
    same: data === LARGE,
    length: LARGE.length,
    written: socket._socket.bytesWritten - bytesWritten,
    read: socket._socket.bytesRead - bytesRead,
  };
}

/** The code that the server closes with. */
async function close(socket, code, reason) {
  const closed = once(socket, 'close');
  socket.close(code, reason);
  return (await closed)[0];
}

/** Sends a frame with the opcode 3, which means nothing; the code that the server closes with. */
async function sendBadFrame(socket) {
  const closed = once(socket, 'close');
  socket._socket.write(Buffer.from([0x83, 0x80, 0, 0, 0, 0]));
  return (await closed)[0];
}

setTimeout(() => {
  console.error(`not done after ${LIMIT_MS} ms`);
  process.exit(1);
}, LIMIT_MS).unref();

const socket = await open();
const report = {
  extensions: Object.keys(socket._extensions),
  text: await echo(socket, 'grüße ✓'),
  binary: await echo(socket, Buffer.from([0, 1, 254, 255])),
  fragments: await echoFragments(socket, 'one ', 'two ', 'three'),
  pong: await ping(socket, 'are you there?'),
  large: await echoLarge(socket),
  closed: await close(socket, 4001, 'done'),
  badFrame: await sendBadFrame(await open()),
};
console.log(JSON.stringify(report));
