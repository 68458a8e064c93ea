// @supabase/supabase-js, unmodified, against a server with our migrations.
//
//   URL=... KEY=... EMAIL=... PASSWORD=... BRANCH=... SERVICE=... node peer.mjs
//
// Prints "ok <what>" or "not ok <what>: <why>" for each thing it did; ends when all are done.

import { createClient } from "@supabase/supabase-js";
import { strict as assert } from "node:assert";
import ws from "ws";

const { URL: url, KEY: key, EMAIL: email, PASSWORD: password, BRANCH: branch } = process.env;
const PATIENCE_MS = 20_000;
const options = {
  auth: { persistSession: false, autoRefreshToken: false },
  realtime: { transport: ws },
};
const client = createClient(url, key, options);
const office = createClient(url, process.env.SERVICE, options);
const topic = `branch:${branch}`;
const stream = `floor:${branch}`;

function within(promise, what) {
  const late = new Promise((_, reject) => {
    setTimeout(() => reject(new Error(`${what} did not come`)), PATIENCE_MS).unref();
  });
  return Promise.race([promise, late]);
}

// What `listen` hears first.
function first(what, listen) {
  return within(new Promise(listen), what);
}

async function data(request) {
  const { data: rows, error } = await request;
  if (error) throw error;
  return rows;
}

function subscribed(channel) {
  return first("SUBSCRIBED", (resolve, reject) => {
    channel.subscribe((status, error) => {
      if (status === "SUBSCRIBED") resolve();
      if (status === "CHANNEL_ERROR") reject(error ?? new Error(status));
    });
  });
}

function setLevel(level) {
  const rows = office.from("stock_items").update({ level });
  return data(rows.eq("branch_id", branch).eq("id", "dough"));
}

const parts = {
  async "signs in"() {
    const { session } = await data(client.auth.signInWithPassword({ email, password }));
    assert.equal(session.user.app_metadata.role, "pos");
    await client.realtime.setAuth(session.access_token);
  },

  async "is refused with a wrong password"() {
    const other = createClient(url, key, options);
    const { error } = await other.auth.signInWithPassword({ email, password: "wrong password" });
    assert.equal(error.code, "invalid_credentials");
  },

  async "refreshes its session"() {
    const { session: before } = await data(client.auth.getSession());
    const { session } = await data(client.auth.refreshSession());
    assert.notEqual(session.refresh_token, before.refresh_token);
  },

  async "calls a function"() {
    const answer = await data(client.rpc("snapshot", { streams: [stream] }));
    assert.equal(answer.streams[stream].tables.menu_items.length, 3);
    const { error } = await client.rpc("snapshot", { streams: ["floor:elsewhere"] });
    assert.equal(error.code, "42501");
  },

  async "selects with filters"() {
    const items = client.from("menu_items").select("id", { count: "exact" });
    const { data: rows, count } = await items
      .in("category", ["pizza", "drink"])
      .order("position", { ascending: false })
      .limit(1);
    assert.deepEqual([rows, count], [[{ id: "water" }], 2]);
    const one = client.from("menu_items").select("name").eq("id", "caesar").single();
    assert.deepEqual(await data(one), { name: "Caesar Salad" });
    assert.equal(await data(client.from("menu_items").select().eq("id", "x").maybeSingle()), null);
  },

  async "hears a private broadcast"() {
    const config = { private: true, broadcast: { self: true, ack: true } };
    const channel = client.channel(topic, { config });
    const heard = first("the broadcast", (resolve) => {
      channel.on("broadcast", { event: "said" }, resolve);
    });
    await subscribed(channel);
    const sent = await channel.send({ type: "broadcast", event: "said", payload: { n: 1 } });
    assert.equal(sent, "ok");
    assert.deepEqual((await heard).payload, { n: 1 });
    await client.removeChannel(channel);
  },

  async "is denied a strange channel"() {
    const channel = client.channel("branch:elsewhere", { config: { private: true } });
    await assert.rejects(subscribed(channel), /permissions/);
    await client.removeChannel(channel);
  },

  async "hears the database"() {
    const channel = client.channel(`stream:${stream}`, { config: { private: true } });
    const heard = first("the poke", (resolve) => channel.on("broadcast", { event: "poke" }, resolve));
    await subscribed(channel);
    await setLevel(7);
    assert.equal((await heard).payload.rows[0].row.level, 7);
    await client.removeChannel(channel);
  },

  async "sees who is present"() {
    const channel = client.channel(topic, {
      config: { private: true, presence: { key: "js", enabled: true } },
    });
    const seen = first("the presence", (resolve) => {
      channel.on("presence", { event: "sync" }, () => {
        if ("js" in channel.presenceState()) resolve(channel.presenceState().js);
      });
    });
    await subscribed(channel);
    assert.equal(await channel.track({ name: "JS" }), "ok");
    assert.equal((await seen)[0].name, "JS");
    await client.removeChannel(channel);
  },

  async "follows a table"() {
    const channel = client.channel("rows");
    const about = { event: "UPDATE", schema: "public", table: "stock_items" };
    const heard = first("the change", (resolve) => {
      channel.on("postgres_changes", { ...about, filter: `branch_id=eq.${branch}` }, resolve);
    });
    const ready = first("Subscribed to PostgreSQL", (resolve) => {
      channel.on("system", {}, ({ status }) => status === "ok" && resolve());
    });
    await subscribed(channel);
    await ready;
    await setLevel(8);
    const change = await heard;
    assert.deepEqual([change.eventType, change.new.level], ["UPDATE", 8]);
    assert.deepEqual(change.old, { id: "dough", branch_id: branch });
    await client.removeChannel(channel);
  },

  async "signs out"() {
    const { session } = await data(client.auth.getSession());
    const { error } = await client.auth.signOut({ scope: "local" });
    assert.equal(error, null);
    const { error: gone } = await client.auth.refreshSession(session);
    assert.equal(gone.code, "refresh_token_not_found");
  },
};

for (const [what, part] of Object.entries(parts)) {
  try {
    await part();
    console.log(`ok ${what}`);
  } catch (error) {
    console.log(`not ok ${what}: ${error.message ?? JSON.stringify(error)}`);
  }
}
process.exit(0);
