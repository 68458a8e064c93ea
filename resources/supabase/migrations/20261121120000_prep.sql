-- How long the kitchen takes: every dish that was made, and what a station needs by how much it
-- had to do. Told by the orders themselves, archived ones included.

-- A range of days is read by the time that lines were sent, which no bump changes.
-- The branch comes second: with it in front the planner takes this index for the lines of an order.
create index order_lines_by_sent on public.order_lines (sent_at, branch_id, id);

-- The stops of a line with the moment their turn came: sent, fired, and made ready by all lower
-- stages; null when it never came. The twin of `due_at` in kds/domain/routing.py. Without settings
-- of its own, so that the planner can look into it.
create function kds.timed_stops(line public.order_lines)
returns table (
    station_id text, stage integer, due_at timestamptz, started_at timestamptz,
    ready_at timestamptz
)
language sql stable as $$
    select line.station_id, 1, greatest(line.sent_at, line.fire_at), line.started_at, line.ready_at
    where line.route = '[]' and not line.held
    union all
    select s.station_id, s.stage,
        case when count(*) over earlier = count(s.ready_at) over earlier then
            greatest(line.sent_at, line.fire_at, max(s.ready_at) over earlier)
        end,
        s.started_at, s.ready_at
    from jsonb_to_recordset(line.route) s (
        station_id text, stage integer, started_at timestamptz, ready_at timestamptz
    )
    where line.route <> '[]' and not line.held
    window earlier as (order by s.stage groups between unbounded preceding and 1 preceding)
$$;

-- The dishes that were sent from `since` until before `until` and are made, by the time they were
-- sent, page by page: {server_time, next, lines}. `next`: what to pass as `after` for the page
-- behind this one; null on the last. A line has an entry for each of its stops: {line_id, item_id,
-- name, variant, qty, station_id, order_type, course, made_by, number, due_at, started_at,
-- ready_at, placed_at, order_ready_at, handed_at}. Voided lines are left out; one that was
-- recalled counts by its last bump. `max_rows` counts lines.
create function public.prep_lines(
    branch_id uuid, since timestamptz, until timestamptz, after jsonb default null,
    max_rows integer default 2000
) returns jsonb
language plpgsql stable security definer set search_path = '' set timezone = 'UTC' as $$
declare
    stream public.streams := kds.open_stream('floor:' || branch_id);
    page_size integer := greatest(1, least(coalesce(max_rows, 2000), 5000));
    after_at timestamptz := coalesce((after ->> 'sent_at')::timestamptz, '-infinity');
    after_id text := coalesce(after ->> 'id', '');
    lines jsonb;
    last jsonb;
begin
    if since is null or until is null then
        raise invalid_parameter_value using message = 'A range of days has a beginning and an end.';
    end if;
    with page as (
        select l.* from public.order_lines l
        where l.branch_id = stream.branch_id
            and l.sent_at >= since and l.sent_at < until
            and (l.sent_at, l.id) > (after_at, after_id)
            and l.state = 'ready'
        order by l.sent_at, l.id limit page_size
    )
    select
        jsonb_agg(jsonb_build_object(
            'line_id', l.id, 'item_id', l.item_id, 'name', l.name, 'variant', l.variant,
            'qty', l.qty, 'station_id', s.station_id, 'order_type', o.type, 'course', l.course,
            'made_by', l.made_by, 'number', o.number, 'due_at', s.due_at,
            'started_at', s.started_at, 'ready_at', s.ready_at, 'placed_at', o.placed_at,
            'order_ready_at', o.ready_at, 'handed_at', o.handed_at
        ) order by l.sent_at, l.id, s.stage, s.station_id),
        case when count(distinct l.id) = page_size then (
            select jsonb_build_object('sent_at', p.sent_at, 'id', p.id) from page p
            order by p.sent_at desc, p.id desc limit 1
        ) end
    into lines, last
    from page l
    join public.orders o on o.branch_id = l.branch_id and o.id = l.order_id
    cross join lateral kds.timed_stops(l) s
    where s.ready_at is not null;
    return jsonb_build_object(
        'server_time', clock_timestamp(), 'next', last, 'lines', coalesce(lines, '[]')
    );
end
$$;

-- What the stations needed in the last `weeks` (12 at most) by what they had to do when a dish's
-- turn came: {server_time, loads: [{station_id, load, n, median_s, p90_s}]}. `load`: the least
-- number of other dishes that waited there: 0, 5, 10 or 20. Whole seconds.
create function public.prep_load(branch_id uuid, weeks integer default 4) returns jsonb
language plpgsql stable security definer set search_path = '' set timezone = 'UTC' as $$
declare
    stream public.streams := kds.open_stream('floor:' || branch_id);
    since timestamptz := now() - make_interval(weeks => greatest(1, least(coalesce(weeks, 4), 12)));
    loads jsonb;
begin
    with stops as (
        select s.station_id, s.due_at,
            case when l.state = 'ready' then
                extract(epoch from greatest(s.ready_at - s.due_at, '0'))
            end as took_s,
            coalesce(s.ready_at, l.voided_at) as left_at
        from public.order_lines l
        cross join lateral kds.timed_stops(l) s
        where l.branch_id = stream.branch_id and l.sent_at >= since and s.due_at is not null
    ), moments as (
        -- A dish that left at an instant does not wait for one that comes at it.
        select station_id, due_at as at, 1 as turn, took_s,
            case when left_at <= due_at then 0 else 1 end as waits
        from stops
        union all
        select station_id, left_at, 0, null, -1 from stops where left_at > due_at
    ), measured as (
        select station_id, took_s, coalesce(sum(waits) over (
            partition by station_id order by at, turn
            groups between unbounded preceding and 1 preceding
        ), 0) as load
        from moments
    ), buckets as (
        select station_id, took_s, case
            when load < 5 then 0 when load < 10 then 5 when load < 20 then 10 else 20
        end as load
        from measured where took_s is not null
    ), summed as (
        select station_id, load, count(*) as n,
            round(percentile_cont(0.5) within group (order by took_s))::integer as median_s,
            round(percentile_cont(0.9) within group (order by took_s))::integer as p90_s
        from buckets group by station_id, load
    )
    select jsonb_agg(to_jsonb(s) order by s.station_id, s.load) into loads from summed s;
    return jsonb_build_object('server_time', clock_timestamp(), 'loads', coalesce(loads, '[]'));
end
$$;

revoke execute on function kds.timed_stops from public;
revoke execute on function public.prep_lines, public.prep_load from public, anon;
grant execute on function public.prep_lines, public.prep_load to authenticated, service_role;
