-- A past service, to be looked at again: what the board showed, who did what, where it jammed.
-- It is told by the log alone, so an order that has left the window (archived) is in it, and what
-- `prune_changes` has forgotten is not: there are as many days to look at as the log is kept.

-- From an instant to a rev. `prune_changes` asks by time too.
-- The stream comes second: with it in front the planner takes this index for every look-up in a
-- stream, and reads the whole of it.
create index changes_by_time on kds.changes (at, stream_id);

-- The last rev of a stream that was written before an instant (or at it: `including`); the floor
-- when the log does not reach so far back.
create function kds.rev_at(stream public.streams, instant timestamptz, including boolean)
returns bigint
language sql stable set search_path = '' as $$
    select greatest(stream.floor_rev, (
        select c.rev from kds.changes c
        where c.stream_id = stream.stream_id
            and (c.at < instant or (including and c.at = instant))
        order by c.at desc, c.rev desc limit 1
    ))
$$;

-- What an op asked for, who at which terminal; nothing for a change that no op of the branch made.
create function kds.cause_of(branch uuid, wanted text) returns kds.outcomes
language sql stable set search_path = '' as $$
    select o from kds.outcomes o
    join kds.devices_private p on p.device_id = o.device_id and p.branch_id = branch
    where o.op_id = wanted
    order by o.at limit 1
$$;

-- Stock follows from every order that is sent; it is of interest where somebody counted it.
create function kds.is_replayed(change kds.changes) returns boolean
language sql stable set search_path = '' as $$
    select case change.table_name
        when 'recipes' then false
        when 'stock_items' then exists (
            select from kds.outcomes o where o.op_id = change.op_id and o.kind = 'adjust_stock'
        )
        else true
    end
$$;

-- The shared rows as they were at a rev that the log still reaches: what was last said of each
-- until then. What the log does not say until then has not changed since the log begins, so it is
-- as it is now; or, when it changes later, as it is first said to be (what it was before that is
-- forgotten), unless that is how it came.
create function kds.tables_at(stream public.streams, at_rev bigint) returns jsonb
language sql stable set search_path = '' set timezone = 'UTC' as $$
    with names as (
        select t from unnest(kds.tables_of(stream.class)) t
        where t not in ('stock_items', 'recipes')
    ), said as (
        select distinct on (c.table_name, c.pk) c.table_name, c.pk, c.op, c.row
        from kds.changes c join names on t = c.table_name
        where c.stream_id = stream.stream_id and c.rev <= at_rev
        order by c.table_name, c.pk, c.rev desc, c.seq desc
    ), said_later as (
        select distinct on (c.table_name, c.pk) c.table_name, c.pk, c.op, c.row
        from kds.changes c join names on t = c.table_name
        where c.stream_id = stream.stream_id and c.rev > at_rev
        order by c.table_name, c.pk, c.rev, c.seq
    ), found as (
        select s.table_name, s.row from said s where s.op <> 'D'
        union all
        select l.table_name, l.row from said_later l
        left join said s using (table_name, pk)
        where l.op = 'U' and s.pk is null
        union all
        select t, r from names cross join lateral kds.shared_rows(t, stream.branch_id) r
        where not exists (select from said s where s.table_name = t and s.pk = r ->> 'id')
            and not exists (select from said_later l where l.table_name = t and l.pk = r ->> 'id')
    )
    select jsonb_object_agg(t, (
        select coalesce(jsonb_agg(f.row), '[]') from found f where f.table_name = t
    ))
    from names
$$;

-- The name of a time zone that this server knows.
create function kds.zone_of(branch uuid) returns text
language plpgsql stable set search_path = '' as $$
declare
    zone text := (select b.timezone from public.branches b where b.branch_id = branch);
begin
    perform now() at time zone zone;
    return coalesce(zone, 'UTC');
exception when invalid_parameter_value then
    return 'UTC';
end
$$;

-- The days that the log still has something of, by the branch's own calendar, the latest first:
-- {server_time, since, services: [{day, orders, first_at, last_at}]}. `orders`: how many were
-- placed; `first_at` to `last_at`: when the orders of the house changed. `since`: as far back as
-- the log goes.
create function public.services(branch_id uuid) returns jsonb
language plpgsql stable security definer set search_path = '' set timezone = 'UTC' as $$
declare
    stream public.streams := kds.open_stream('floor:' || branch_id);
    zone text := kds.zone_of(branch_id);
begin
    return jsonb_build_object(
        'server_time', clock_timestamp(),
        'since', (
            select min(c.at) from kds.changes c where c.stream_id = stream.stream_id
        ),
        'services', coalesce((
            select jsonb_agg(to_jsonb(d) order by d.day desc) from (
                select (c.at at time zone zone)::date as day,
                    count(*) filter (where c.table_name = 'orders' and c.op = 'I') as orders,
                    min(c.at) as first_at, max(c.at) as last_at
                from kds.changes c
                where c.stream_id = stream.stream_id
                    and c.table_name in ('orders', 'order_lines') and c.op <> 'D'
                group by 1
            ) d
        ), '[]')
    );
end
$$;

-- A service from `since` to `until` (both included), page by page:
-- {server_time, from_rev, to_rev, through_rev, tables, rows}. The first page (`after_rev` null)
-- has the `tables` as they were before `since`; later ones go on after the `through_rev` of the
-- page before, until it is `to_rev`. `rows`: {rev, seq, table, pk, op, row, op_id, at, kind,
-- actor, device}, whole transactions only; who and what is null for a change that no terminal
-- asked for. While the service is still running `to_rev` grows from page to page.
create function public.replay(
    branch_id uuid, since timestamptz, until timestamptz, after_rev bigint default null,
    max_rows integer default 1000
) returns jsonb
language plpgsql stable security definer set search_path = '' set timezone = 'UTC' as $$
declare
    stream public.streams := kds.open_stream('floor:' || branch_id);
    page_size integer := greatest(1, least(coalesce(max_rows, 1000), 5000));
    from_rev bigint := kds.rev_at(stream, since, including => false);
    to_rev bigint := greatest(from_rev, kds.rev_at(stream, until, including => true));
    start_rev bigint := coalesce(after_rev, from_rev);
    through bigint := to_rev;
    first_left_out bigint;
    rows jsonb;
begin
    if since is null or until is null then
        raise invalid_parameter_value using message = 'A service has a beginning and an end.';
    end if;
    if start_rev < stream.floor_rev then
        raise sqlstate 'PT410' using message = 'The log does not go back so far any more.';
    end if;
    select c.rev into first_left_out from kds.changes c
    where c.stream_id = stream.stream_id and c.rev > start_rev and c.rev <= to_rev
        and kds.is_replayed(c)
    order by c.rev, c.seq offset page_size limit 1;
    if found then
        through := greatest(first_left_out - 1, start_rev + 1);
    end if;
    select jsonb_agg(
        kds.row_of(c) || jsonb_build_object(
            'kind', cause.kind, 'actor', cause.actor, 'device', cause.device_id
        ) order by c.rev, c.seq
    ) into rows
    from kds.changes c
    left join lateral kds.cause_of(stream.branch_id, c.op_id) cause on true
    where c.stream_id = stream.stream_id and c.rev > start_rev and c.rev <= through
        and kds.is_replayed(c);
    return jsonb_build_object(
        'server_time', clock_timestamp(), 'from_rev', from_rev, 'to_rev', to_rev,
        'through_rev', greatest(through, start_rev), 'rows', coalesce(rows, '[]'),
        'tables', case when after_rev is null then kds.tables_at(stream, from_rev) end
    );
end
$$;

revoke execute on function kds.rev_at, kds.cause_of, kds.is_replayed, kds.tables_at, kds.zone_of
    from public;
revoke execute on function public.services, public.replay from public, anon;
grant execute on function public.services, public.replay to authenticated, service_role;
