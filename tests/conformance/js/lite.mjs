// Serves @supabase/lite over a PostgreSQL until its input ends.
//
//   node lite.mjs <PostgreSQL socket folder> <port> <user> <publishable key> <secret key>
//
// Prints "prepared" once its own schema is there, waits for a line (our migrations are applied
// meanwhile: it reads the catalogue only once), then prints the address it listens on.

import { createInterface } from "node:readline";
import { serve } from "@hono/node-server";
import { App } from "@supabase/lite";
import { createPostgresConnection } from "@supabase/lite/postgres";

const [host, port, username, publishable, secret] = process.argv.slice(2);
const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]();

// lite 0.10.0 turns the jsonb arguments of a function into JSON text and then into JSON again,
// so that {} arrives as the string "{}"; text is passed on as it is.
const jsonb = {
  to: 3802,
  from: [3802],
  serialize: (value) => (typeof value === "string" ? value : JSON.stringify(value)),
  parse: JSON.parse,
};

// It gives out timestamps as PostgreSQL prints them, where Supabase (and its Python client) has
// ISO 8601: "2026-11-21 08:00:00.5+00" -> "2026-11-21T08:00:00.5+00:00".
const timestamptz = {
  to: 1184,
  from: [1184],
  serialize: (value) => value,
  parse: (text) => text.replace(" ", "T").replace(/([+-]\d\d)$/, "$1:00"),
};

function open() {
  return new App({
    connection: createPostgresConnection({
      postgresOptions: {
        host,
        port: Number(port),
        username,
        database: "postgres",
        onnotice() {},
        types: { jsonb, timestamptz },
      },
    }),
    auth: {
      enabled: true,
      jwt_secret: "a secret for conformance that is long enough",
      publishable_key: publishable,
      secret_key: secret,
      email: { enable_confirmations: false },
    },
    options: { server: { admin: false } },
  });
}

const first = open();
await first.ensureSystemSchema();
await first.connection.close();
console.log("prepared");
await lines.next();

const app = open();
const server = serve(
  {
    hostname: "127.0.0.1",
    port: 0,
    fetch: (request, env) =>
      app.fetch(request, { peerAddress: env.incoming.socket.remoteAddress ?? null }),
  },
  (address) => console.log(`http://127.0.0.1:${address.port}`),
);
await lines.next();
server.close();
process.exit(0);
