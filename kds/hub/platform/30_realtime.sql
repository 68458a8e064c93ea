-- Broadcast from the database, as Supabase Realtime has it. A real server reads
-- realtime.messages from the WAL; the hub's gateway hears of each row by NOTIFY instead:
--
--   channel `realtime_messages`, `ID NUMBER OF TEXT`: the texts of the parts 1 to OF, joined, are
--   JSON {id, topic, event, extension, private, payload}
--
-- in parts because PostgreSQL takes less than 8,000 bytes at once. Those of a transaction come in
-- order and together; equal ones would come once, hence the id and the number in each.

create schema if not exists realtime;
grant usage on schema realtime to anon, authenticated, service_role;

-- Unlogged: a message is a hint that is delivered at once or not at all, and costs no WAL.
create unlogged table if not exists realtime.messages (
    topic text not null,
    extension text not null,
    payload jsonb,
    event text,
    private boolean default false,
    updated_at timestamp not null default (now() at time zone 'utc'),
    inserted_at timestamp not null default (now() at time zone 'utc'),
    id uuid primary key default gen_random_uuid()
);
alter table realtime.messages alter column payload set storage external;
create index if not exists messages_inserted_at on realtime.messages (inserted_at);
alter table realtime.messages enable row level security;
grant select, insert, update on realtime.messages to anon, authenticated, service_role;

create or replace function realtime.topic() returns text
language sql stable as $$
    select nullif(current_setting('realtime.topic', true), '')::text
$$;

create or replace function realtime.send(
    payload jsonb, event text, topic text, private boolean default true
) returns void
language plpgsql as $$
declare
    generated_id uuid;
    final_payload jsonb;
begin
    begin
        generated_id := gen_random_uuid();
        if payload ? 'id' then
            final_payload := payload;
        else
            final_payload := jsonb_set(payload, '{id}', to_jsonb(generated_id));
        end if;
        perform set_config('realtime.topic', topic, true);
        insert into realtime.messages (id, payload, event, topic, private, extension)
        values (generated_id, final_payload, event, topic, private, 'broadcast');
    exception when others then
        -- A message that cannot be sent never undoes the work that it tells of.
        raise warning 'ErrorSendingBroadcastMessage: %', sqlerrm;
    end;
end
$$;

create or replace function realtime.broadcast_changes(
    topic_name text, event_name text, operation text, table_name text, table_schema text,
    new record, old record, level text default 'ROW'
) returns void
language plpgsql as $$
begin
    if level = 'STATEMENT' then
        raise exception 'function can only be triggered for each row, not for each statement';
    end if;
    perform realtime.send(
        jsonb_build_object(
            'old_record', old,
            'record', new,
            'operation', operation,
            'table', table_name,
            'schema', table_schema
        ),
        event_name,
        topic_name
    );
exception when others then
    raise exception 'Failed to process the row: %', sqlerrm;
end
$$;

create or replace function realtime.notify_gateway() returns trigger
language plpgsql security definer set search_path = '' as $$
declare
    message text := jsonb_build_object(
        'id', new.id,
        'topic', new.topic,
        'event', new.event,
        'extension', new.extension,
        'private', new.private,
        'payload', new.payload
    );
    ascii boolean := octet_length(message) = length(message);
    size integer := case when ascii then 7900 else 1950 end; -- characters, of up to four bytes
    parts integer := (length(message) + size - 1) / size;
begin
    for n in 1 .. parts loop
        perform pg_notify(
            'realtime_messages',
            concat_ws(' ', new.id, n, parts, substr(message, (n - 1) * size + 1, size))
        );
    end loop;
    return null;
end
$$;

create or replace trigger notify_gateway
    after insert on realtime.messages
    for each row when (new.extension = 'broadcast' and new.payload is not null)
    execute function realtime.notify_gateway();

-- The hub calls this once a minute or so.
create or replace function realtime.delete_old_messages(keep interval default '10 minutes')
returns bigint
language sql as $$
    with gone as (
        delete from realtime.messages
        where inserted_at < (now() at time zone 'utc') - keep
        returning 1
    )
    select count(*) from gone
$$;
revoke execute on function realtime.delete_old_messages from public;
