-- Ops, cheaper. What becomes of them is as before.

-- -- reading arguments: nothing is asked of an empty list, and nothing as a query --------------

create or replace function kds.list_arg(args jsonb, name text, type text, at_least integer)
returns jsonb
language plpgsql immutable as $$
declare
    list jsonb := coalesce(nullif(args -> name, 'null'), '[]');
begin
    if jsonb_typeof(list) <> 'array' or jsonb_array_length(list) < at_least then
        perform kds.reject(name || ' must name at least ' || at_least);
    end if;
    if jsonb_path_exists(
        list, 'strict $[*] ? (@.type() != $type)', jsonb_build_object('type', type)
    ) then
        perform kds.reject(
            name || ' must be ' || case type when 'string' then 'texts' else type || 's' end
        );
    end if;
    return list;
end
$$;

create or replace function kds.new_route(line jsonb) returns jsonb
language plpgsql immutable as $$
declare
    stops jsonb := kds.list_arg(line, 'route', 'object', 0);
    stop jsonb;
    route jsonb := '[]';
begin
    for n in 0 .. jsonb_array_length(stops) - 1 loop
        stop := stops -> n;
        route := route || jsonb_build_object(
            'station_id', kds.text_arg(stop, 'station_id'),
            'stage', kds.integer_arg(stop, 'stage', at_least => 1, if_absent => 1),
            'state', 'sent', 'started_at', null, 'ready_at', null
        );
    end loop;
    return route;
end
$$;

create or replace function kds.new_line(
    op kds.op_context, order_id text, place integer, line jsonb
) returns public.order_lines
language plpgsql set search_path = '' as $$
declare
    made public.order_lines;
begin
    made.branch_id := op.branch_id;
    made.order_id := order_id;
    made.position := place;
    made.id := kds.text_arg(line, 'id');
    made.item_id := kds.text_arg(line, 'item_id');
    made.name := kds.text_arg(line, 'name');
    made.variant := kds.optional_text_arg(line, 'variant');
    made.qty := kds.integer_arg(line, 'qty', at_least => 1);
    made.price := kds.integer_arg(line, 'price', at_least => 0);
    made.modifiers := kds.list_arg(line, 'modifiers', 'object', 0);
    if made.modifiers <> '[]' and exists (
        select from jsonb_array_elements(made.modifiers) m, jsonb_each(m) f
        where jsonb_typeof(f.value) = 'number' and f.value::text !~ '^-?\d+$'
    ) then
        perform kds.reject('modifiers must have whole prices');
    end if;
    made.note := kds.optional_text_arg(line, 'note');
    made.course := kds.integer_arg(line, 'course', if_absent => 1);
    if coalesce(line -> 'seat', 'null') <> 'null' then
        made.seat := kds.integer_arg(line, 'seat');
    end if;
    made.station_id := kds.optional_text_arg(line, 'station_id');
    made.route := case when line ? 'route' then kds.new_route(line) else '[]' end;
    made.prep_s := case
        when line ? 'prep_s' then kds.integer_arg(line, 'prep_s', at_least => 0) else 0
    end;
    made.state := 'sent';
    made.sent_at := op.at;
    made.held := false;
    made.made_by := '';
    made.void_reason := '';
    made.flag := '';
    made.seen_by := '[]';
    return made;
end
$$;

create or replace function kds.new_lines(op kds.op_context, target public.orders, args jsonb)
returns public.order_lines[]
language plpgsql set search_path = '' as $$
declare
    place integer := coalesce((
        select max(l.position) from public.order_lines l
        where l.branch_id = op.branch_id and l.order_id = target.id
    ), 0);
    asked jsonb := kds.list_arg(args, 'lines', 'object', 1);
    made public.order_lines[] := '{}';
begin
    for n in 1 .. jsonb_array_length(asked) loop
        made[n] := kds.new_line(op, target.id, place + n, asked -> n - 1);
    end loop;
    if target.pacing <> 'at_once' or target.together then
        return kds.paced(op, target, made);
    end if;
    return made;
end
$$;

create or replace function kds.total_of(lines public.order_lines[]) returns bigint
language plpgsql immutable as $$
declare
    line public.order_lines;
    total bigint := 0;
begin
    foreach line in array lines loop
        total := total + line.qty::bigint * line.price;
    end loop;
    return total;
end
$$;

-- -- stock: what is sent in a call uses it once, at its end --------------------------------------

-- Stock falls by what these lines need, when the call ends. What is kept until then is taken back
-- with an op that is refused, as its rows are.
create or replace function kds.use_stock(op kds.op_context, lines public.order_lines[])
returns void
language plpgsql as $$
declare
    line public.order_lines;
    needed text := current_setting('kds.needed', true);
begin
    foreach line in array lines loop
        needed := concat_ws(',', nullif(needed, ''), jsonb_build_object(
            'item_id', line.item_id, 'variant', line.variant, 'qty', line.qty
        ));
    end loop;
    needed := set_config('kds.needed', needed, true);
    needed := set_config('kds.needed_by', current_setting('kds.op_id', true), true);
end
$$;

-- By recipe; a recipe of variant '' is for every variant. The log names the last op that needed
-- something. Nothing that a terminal may send can fail here: one op would hold up all of a call.
create function kds.settle_stock(branch uuid) returns void
language plpgsql as $$
declare
    least_level constant bigint := -9223372036854775808;
    needed text := coalesce(current_setting('kds.needed', true), '');
begin
    if needed = '' then
        return;
    end if;
    perform set_config('kds.op_id', current_setting('kds.needed_by'), true);
    perform set_config('kds.needed', '', true);
    update public.stock_items s set level = greatest(s.level - used.amount, least_level)
    from (
        select r.stock_item_id, sum(r.qty * l.qty) as amount
        from jsonb_to_recordset(('[' || needed || ']')::jsonb) l (
            item_id text, variant text, qty numeric
        )
        join public.recipes r on r.branch_id = branch
            and r.item_id = l.item_id and r.variant in ('', l.variant)
        group by r.stock_item_id
    ) used
    where s.branch_id = branch and s.id = used.stock_item_id;
end
$$;

-- A line that is there already, or twice in the op, is not inserted; then the op goes with all that
-- it has done.
create or replace function kds.send_lines(op kds.op_context, lines public.order_lines[])
returns void
language plpgsql as $$
declare
    sent integer;
begin
    insert into public.order_lines select * from unnest(lines) on conflict do nothing;
    get diagnostics sent = row_count;
    if sent < cardinality(lines) then
        perform kds.reject('duplicate line');
    end if;
    perform kds.use_stock(op, lines);
end
$$;

-- -- queries that stay planned: a function in SQL plans anew in every call -----------------------

create or replace function kds.settle(op kds.op_context, order_id text) returns void
language plpgsql as $$
begin
    update public.orders o set ready_at = op.at
    where o.branch_id = op.branch_id and o.id = settle.order_id
        and (
            select bool_and(l.state in ('ready', 'void')) and bool_or(l.state = 'ready')
            from public.order_lines l
            where l.branch_id = op.branch_id and l.order_id = settle.order_id
        );
end
$$;

create or replace function kds.save_line(line public.order_lines) returns void
language plpgsql as $$
begin
    update public.order_lines l set
        qty = line.qty, state = line.state, route = line.route, held = line.held,
        fire_at = line.fire_at, started_at = line.started_at, ready_at = line.ready_at,
        made_by = line.made_by, voided_at = line.voided_at, void_reason = line.void_reason,
        flag = line.flag, flag_at = line.flag_at, was_qty = line.was_qty, seen_by = line.seen_by
    where l.branch_id = line.branch_id and l.id = line.id;
end
$$;

create or replace function kds.revs_of(branch uuid) returns jsonb
language plpgsql as $$
begin
    return (
        select jsonb_object_agg(s.stream_id, s.rev) from public.streams s
        where s.branch_id = branch
            and (s.class = 'floor' or current_setting(kds.mark_of(s.stream_id), true) <> '')
    );
end
$$;

-- -- all ops of a call ------------------------------------------------------------------------

-- Move last_seq to the end of the unbroken run of outcomes.
create or replace function kds.advance_last_seq(device text) returns void
language plpgsql set search_path = '' as $$
begin
    update kds.devices_private p set last_seq = (
        select max(o.seq) from (
            select n.seq, n.seq - row_number() over (order by n.seq) as run_from
            from kds.outcomes n where n.device_id = device and n.seq > p.last_seq
        ) o
        where o.run_from = p.last_seq
    )
    where p.device_id = device and exists (
        select from kds.outcomes o where o.device_id = device and o.seq = p.last_seq + 1
    );
end
$$;

-- Every query of a call, however deep, is planned once a connection: no op is so special that a
-- plan of its own pays.
create or replace function kds.apply_ops(device_id uuid, ops jsonb, more boolean default false)
returns jsonb
language plpgsql security definer set search_path = '' set timezone = 'UTC'
    set plan_cache_mode = 'force_generic_plan' as $$
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
        exit when outcome ? 'clone';
        outcomes := outcomes || (
            '{"first": null, "reason": "", "blocked_by": null, "remote": null, "revs": {}}'
            || outcome || jsonb_build_object('seq', op -> 'seq', 'op_id', op -> 'op_id')
        );
    end loop;
    perform kds.settle_stock(device.branch_id);
    if outcome ? 'clone' then
        return kds.quarantine(device);
    end if;
    perform kds.advance_last_seq(device.id);
    return jsonb_build_object(
        'server_time', clock_timestamp(), 'outcomes', to_jsonb(outcomes)
    );
end
$$;

alter function kds.send_poke() set plan_cache_mode = 'force_generic_plan';

revoke execute on all functions in schema kds from public;
