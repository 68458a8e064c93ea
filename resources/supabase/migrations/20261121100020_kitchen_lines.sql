-- What can happen to one line, as values: the row before in, the row after out. The twin of
-- kds/domain/verbs/lines.py; there it says what is what. `here` names the stations that an act
-- is for, all of them when it is empty. Nothing is written but by kds.save_line.

alter type kds.op_context add attribute actor text;

-- The stops as they are stored, in the order of the route; the only one of a plain line.
create function kds.stops_of(line public.order_lines) returns jsonb
language sql stable as $$
    select case when line.route <> '[]' then line.route else jsonb_build_array(jsonb_build_object(
        'station_id', line.station_id, 'stage', 1, 'state', line.state,
        'started_at', line.started_at, 'ready_at', line.ready_at
    )) end
$$;

-- The first stage that is not done; null when all are.
create function kds.turn_of(stops jsonb) returns integer
language sql immutable as $$
    select min((s -> 'stage')::integer) from jsonb_array_elements(stops) s
    where s ->> 'state' <> 'ready'
$$;

-- The line with `fields` in those of its stops that are in `states`, summed up.
create function kds.at_stops(
    line public.order_lines, here text[], states text[], fields jsonb
) returns public.order_lines
language plpgsql stable set search_path = '' as $$
declare
    stops jsonb := kds.stops_of(line);
    turn integer := kds.turn_of(stops);
    after jsonb;
begin
    if line.state = 'void' then
        return line;
    end if;
    select jsonb_agg(
        case
            when s.stop ->> 'state' = any (states) and (
                here = '{}' or s.stop ->> 'station_id' = any (here)
                    and ((s.stop -> 'stage')::integer <= turn or s.stop ->> 'state' = 'ready')
            )
            then s.stop || fields
            else s.stop
        end order by s.n
    ) into after
    from jsonb_array_elements(stops) with ordinality s (stop, n);
    if after = stops then
        return line;
    end if;
    select
        case when count(distinct s.state) = 1 then min(s.state) else 'started' end,
        min(s.started_at),
        case when count(s.ready_at) = count(*) then max(s.ready_at) end
    into line.state, line.started_at, line.ready_at
    from jsonb_to_recordset(after) s (state text, started_at timestamptz, ready_at timestamptz);
    if line.route <> '[]' then
        line.route := after;
    end if;
    return line;
end
$$;

-- What is made has been fired.
create function kds.fired(line public.order_lines, at timestamptz) returns public.order_lines
language plpgsql immutable as $$
begin
    if line.held or line.fire_at > at then
        line.held := false;
        line.fire_at := at;
    end if;
    return line;
end
$$;

create function kds.begun(op kds.op_context, line public.order_lines, here text[])
returns public.order_lines
language plpgsql stable set search_path = '' as $$
declare
    after public.order_lines := kds.at_stops(
        line, here, '{sent}', jsonb_build_object('state', 'started', 'started_at', op.at)
    );
begin
    if after is distinct from line then
        return kds.fired(after, op.at);
    end if;
    return line;
end
$$;

create function kds.made(op kds.op_context, line public.order_lines, here text[])
returns public.order_lines
language plpgsql stable set search_path = '' as $$
declare
    after public.order_lines := kds.at_stops(
        line, here, '{sent,started}', jsonb_build_object('state', 'ready', 'ready_at', op.at)
    );
begin
    if after is distinct from line then
        after.made_by := op.actor;
        return kds.fired(after, op.at);
    end if;
    return line;
end
$$;

create function kds.taken_back(line public.order_lines, here text[]) returns public.order_lines
language plpgsql stable set search_path = '' as $$
declare
    after public.order_lines := kds.at_stops(
        line, here, '{started,ready}',
        '{"state": "sent", "started_at": null, "ready_at": null}'
    );
begin
    if after is distinct from line and not kds.stops_of(after) @> '[{"state": "ready"}]' then
        after.made_by := '';
    end if;
    return after;
end
$$;

-- For every station to acknowledge, whatever they have acknowledged before.
create function kds.flagged(
    line public.order_lines, flag text, at timestamptz, was_qty integer default null
) returns public.order_lines
language plpgsql immutable as $$
begin
    line.flag := flag;
    line.flag_at := at;
    line.was_qty := was_qty;
    line.seen_by := '[]';
    return line;
end
$$;

-- Where its turn has not come nobody knows of it, so nobody there has to see that it went.
create function kds.voided(line public.order_lines, reason text, at timestamptz)
returns public.order_lines
language plpgsql stable set search_path = '' as $$
declare
    after public.order_lines := line;
begin
    after.state := 'void';
    after.voided_at := at;
    after.void_reason := reason;
    if line.state in ('sent', 'started') or line.flag <> '' then
        after := kds.flagged(after, 'void', at);
        after.seen_by := coalesce((
            select jsonb_agg(s -> 'station_id' order by s ->> 'station_id' collate "C")
            from jsonb_array_elements(line.route) s
            where (s -> 'stage')::integer > kds.turn_of(line.route)
        ), '[]');
    end if;
    return after;
end
$$;

create function kds.resized(line public.order_lines, qty integer, at timestamptz)
returns public.order_lines
language plpgsql immutable set search_path = '' as $$
declare
    after public.order_lines := line;
begin
    after.qty := qty;
    if line.state = 'ready' or (line.flag = 'added' and line.seen_by = '[]') then
        return after;
    end if;
    return kds.flagged(
        after, 'qty', at, case when line.flag = 'qty' then line.was_qty else line.qty end
    );
end
$$;

-- Seen at its stations among `here`; the flag goes when all of them have seen it.
create function kds.acknowledged(line public.order_lines, here text[])
returns public.order_lines
language plpgsql stable set search_path = '' as $$
declare
    stations text[];
    seen text[];
begin
    if line.flag = '' then
        return line;
    end if;
    stations := array(
        select distinct s ->> 'station_id' from jsonb_array_elements(kds.stops_of(line)) s
    );
    seen := array(
        select s from unnest(stations) s
        where here = '{}' or s = any (here) or line.seen_by ? s
        order by s collate "C"
    );
    if seen @> stations then
        return kds.flagged(line, '', null);
    end if;
    line.seen_by := to_jsonb(seen);
    return line;
end
$$;

-- Writes what the functions above have changed.
create function kds.save_line(line public.order_lines) returns void
language sql set search_path = '' as $$
    update public.order_lines l set
        qty = line.qty, state = line.state, route = line.route, held = line.held,
        fire_at = line.fire_at, started_at = line.started_at, ready_at = line.ready_at,
        made_by = line.made_by, voided_at = line.voided_at, void_reason = line.void_reason,
        flag = line.flag, flag_at = line.flag_at, was_qty = line.was_qty, seen_by = line.seen_by
    where l.branch_id = line.branch_id and l.id = line.id
$$;

revoke execute on all functions in schema kds from public;
