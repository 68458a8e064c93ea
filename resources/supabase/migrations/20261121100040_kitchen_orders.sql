-- Orders with courses, routes and promises: the twin of kds/domain/verbs/orders.py, same order of
-- checks, same words.

-- A moment with its offset; null when absent.
create function kds.instant_arg(args jsonb, name text) returns timestamptz
language plpgsql stable set search_path = '' as $$
declare
    written constant text := '^2\d{3}-\d\d-\d\dT([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d{1,6})?'
        '(Z|[+-](0\d|1[0-5]):[0-5]\d)$';
begin
    if coalesce(args -> name, 'null') = 'null' then
        return null;
    end if;
    if jsonb_typeof(args -> name) = 'string' and args ->> name ~ written then
        begin
            return (args ->> name)::timestamptz;
        exception when data_exception then -- the 30th of February
        end;
    end if;
    perform kds.reject(name || ' must be a time');
end
$$;

create function kds.new_route(line jsonb) returns jsonb
language plpgsql immutable set search_path = '' as $$
declare
    stop jsonb;
    route jsonb := '[]';
begin
    for stop in select jsonb_array_elements(kds.list_arg(line, 'route', 'object', 0)) loop
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
    if exists (
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

-- The lines of the args, placed and paced behind those that the order has.
drop function kds.new_lines(kds.op_context, text, jsonb);
create function kds.new_lines(op kds.op_context, target public.orders, args jsonb)
returns public.order_lines[]
language plpgsql set search_path = '' as $$
declare
    place integer := coalesce((
        select max(l.position) from public.order_lines l
        where l.branch_id = op.branch_id and l.order_id = target.id
    ), 0);
    line jsonb;
    made public.order_lines[] := '{}';
begin
    for line in select jsonb_array_elements(kds.list_arg(args, 'lines', 'object', 1)) loop
        place := place + 1;
        made := made || kds.new_line(op, target.id, place, line);
    end loop;
    if target.pacing <> 'at_once' or target.together then
        return kds.paced(op, target, made);
    end if;
    return made;
end
$$;

create or replace function kds.place_order(op kds.op_context, args jsonb) returns void
language plpgsql set search_path = '' as $$
declare
    new jsonb := kds.object_arg(args, 'order');
    made public.orders;
    lines public.order_lines[];
begin
    made.id := kds.text_arg(new, 'id');
    if exists (
        select from public.orders o where o.branch_id = op.branch_id and o.id = made.id
    ) then
        perform kds.reject('duplicate order');
    end if;
    made.branch_id := op.branch_id;
    made.device_id := op.device_id;
    made.number := kds.text_arg(new, 'number');
    made.type := kds.choice_arg(new, 'type', array['dine_in', 'takeaway', 'delivery']);
    made.table_name := kds.optional_text_arg(new, 'table_name');
    made.customer := kds.optional_text_arg(new, 'customer');
    made.server := kds.optional_text_arg(new, 'server');
    made.note := kds.optional_text_arg(new, 'note');
    made.rush := kds.flag_arg(new, 'rush', if_absent => false);
    made.vip := kds.flag_arg(new, 'vip', if_absent => false);
    if new ? 'promised_at' then
        made.promised_at := kds.instant_arg(new, 'promised_at');
    end if;
    made.pacing := case
        when new ? 'pacing' then kds.choice_arg(new, 'pacing', array['at_once', 'auto', 'manual'])
        else 'at_once'
    end;
    made.together := kds.flag_arg(new, 'together', if_absent => false);
    made.state := 'open';
    made.placed_at := op.at;
    made.paid := 0;
    made.questions := '[]';
    lines := kds.new_lines(op, made, args);
    made.total := kds.total_of(lines);
    insert into public.orders select made.*;
    perform kds.send_lines(op, lines);
end
$$;

create or replace function kds.add_lines(op kds.op_context, args jsonb) returns void
language plpgsql set search_path = '' as $$
declare
    target public.orders := kds.find_open_order(op, args);
    lines public.order_lines[] := kds.new_lines(op, target, args);
begin
    for n in 1 .. cardinality(lines) loop
        lines[n] := kds.flagged(lines[n], 'added', op.at);
    end loop;
    perform kds.send_lines(op, lines);
    update public.orders o set
        total = o.total + kds.total_of(lines),
        ready_at = null, assembled_at = null, handed_at = null
    where o.branch_id = op.branch_id and o.id = target.id;
end
$$;

create or replace function kds.void_order(op kds.op_context, args jsonb) returns void
language plpgsql set search_path = '' as $$
declare
    target public.orders := kds.find_open_order(op, args);
    line public.order_lines;
begin
    if target.paid > 0 then
        perform kds.reject('refund first');
    end if;
    for line in
        select * from public.order_lines l
        where l.branch_id = op.branch_id and l.order_id = target.id and l.state <> 'void'
    loop
        perform kds.save_line(
            kds.voided(line, kds.optional_text_arg(args, 'reason'), op.at)
        );
    end loop;
    update public.orders o set state = 'void', closed_at = op.at, total = 0
    where o.branch_id = op.branch_id and o.id = target.id;
end
$$;

create function kds.require_made(op kds.op_context, target public.orders) returns void
language plpgsql set search_path = '' as $$
begin
    if exists (
        select from public.order_lines l
        where l.branch_id = op.branch_id and l.order_id = target.id
            and l.state in ('sent', 'started')
    ) then
        perform kds.reject(format('order %s is still being made', target.number));
    end if;
end
$$;

create or replace function kds.close_order(op kds.op_context, args jsonb) returns void
language plpgsql set search_path = '' as $$
declare
    target public.orders := kds.find_open_order(op, args);
begin
    perform kds.require_made(op, target);
    update public.orders o set state = 'closed', closed_at = op.at
    where o.branch_id = op.branch_id and o.id = target.id;
end
$$;

-- Stock falls by recipe; a recipe of variant '' is for every variant.
create function kds.use_stock(op kds.op_context, lines public.order_lines[]) returns void
language sql set search_path = '' as $$
    update public.stock_items s set level = s.level - used.amount
    from (
        select r.stock_item_id, sum(r.qty * l.qty::bigint) as amount
        from unnest(lines) l
        join public.recipes r on r.branch_id = op.branch_id
            and r.item_id = l.item_id and r.variant in ('', l.variant)
        group by r.stock_item_id
    ) used
    where s.branch_id = op.branch_id and s.id = used.stock_item_id
$$;

create or replace function kds.send_lines(op kds.op_context, lines public.order_lines[])
returns void
language plpgsql set search_path = '' as $$
declare
    ids text[] := array(select distinct l.id from unnest(lines) l);
begin
    -- Asked beforehand: one subtransaction an op is enough.
    if cardinality(ids) < cardinality(lines) or exists (
        select from public.order_lines l where l.branch_id = op.branch_id and l.id = any (ids)
    ) then
        perform kds.reject('duplicate line');
    end if;
    insert into public.order_lines select * from unnest(lines);
    perform kds.use_stock(op, lines);
end
$$;

revoke execute on all functions in schema kds from public;
