-- A till that comes back from an outage sends its backlog in batches, and every poke counts once
-- per listening terminal against the project's message limit. It says so (`more`): then a
-- stream is poked at most once a second, and surely by the last batch, which has no `more`. A
-- poke that is left out is a gap to those who hear the next one, and a gap is pulled.

create table kds.quiet_pokes (
    stream_id text primary key,
    at timestamptz not null
);
alter table kds.quiet_pokes enable row level security;

-- Whether this transaction keeps quiet about a stream. The stream's row is locked, so nobody
-- else asks meanwhile.
create function kds.keeps_quiet(stream text) returns boolean
language plpgsql set search_path = '' as $$
begin
    if coalesce(current_setting('kds.more_follows', true), '') <> 'yes' then
        return false;
    end if;
    insert into kds.quiet_pokes as q (stream_id, at) values (stream, clock_timestamp())
    on conflict (stream_id) do update set at = excluded.at
        where q.at < excluded.at - interval '1 second' or q.at > excluded.at;
    return not found;
end
$$;

create or replace function kds.send_poke() returns trigger
language plpgsql security definer set search_path = '' set timezone = 'UTC' as $$
declare
    max_bytes constant integer := 65536;
    max_rows constant integer := 500; -- more never fit, so they are not even gathered
    mark text := kds.mark_of(new.stream_id);
    changed integer := nullif(split_part(current_setting(mark, true), '/', 2), '')::integer;
    poke jsonb := jsonb_build_object(
        'stream', new.stream_id, 'epoch', new.epoch, 'rev', new.rev
    );
    rows jsonb;
begin
    if kds.keeps_quiet(new.stream_id) then
        return null;
    end if;
    if changed <= max_rows then
        select jsonb_agg(kds.row_of(c) order by c.seq) into rows
        from kds.changes c
        where c.stream_id = new.stream_id and c.rev = new.rev;
        if octet_length(rows::text) <= max_bytes then
            poke := poke || jsonb_build_object('rows', rows);
        end if;
    end if;
    -- Should the transaction go on after this (set constraints immediate), what follows is a
    -- new rev with its own poke, which then comes too early to know its rows: a rev whose rows
    -- were sent is complete.
    perform set_config(mark, '', true);
    perform realtime.send(poke, 'poke', 'stream:' || new.stream_id, true);
    return null;
end
$$;

-- All ops of a call are one transaction: one rev per stream. `more`: the terminal sends another
-- batch right after this one.
drop function public.apply_ops(uuid, jsonb);
create function public.apply_ops(device_id uuid, ops jsonb, more boolean default false)
returns jsonb
language plpgsql security definer set search_path = '' set timezone = 'UTC' as $$
declare
    max_ops constant integer := 500;
    device public.devices := kds.calling_device(device_id::text);
    op jsonb;
    outcome jsonb;
    outcomes jsonb[] := '{}';
begin
    if jsonb_typeof(ops) is distinct from 'array' then
        raise invalid_parameter_value using message = 'ops must be a list';
    end if;
    if jsonb_array_length(ops) > max_ops then
        raise sqlstate 'PT413' using message = format('More than %s ops at once.', max_ops);
    end if;
    perform set_config('kds.more_follows', case when more then 'yes' else '' end, true);
    perform kds.lock_branch(device.branch_id);
    for op in select jsonb_array_elements(ops) loop
        outcome := kds.take_op(device.branch_id, device, op);
        if outcome ? 'clone' then
            return kds.quarantine(device);
        end if;
        outcomes := outcomes || (
            '{"first": null, "reason": "", "blocked_by": null, "remote": null, "revs": {}}'
            || outcome || jsonb_build_object('seq', op -> 'seq', 'op_id', op -> 'op_id')
        );
    end loop;
    perform kds.advance_last_seq(device.id);
    return jsonb_build_object(
        'server_time', clock_timestamp(), 'outcomes', to_jsonb(outcomes)
    );
end
$$;

revoke execute on all functions in schema kds from public;
revoke execute on function public.apply_ops from public, anon;
grant execute on function public.apply_ops to authenticated, service_role;
