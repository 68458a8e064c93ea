-- What each command does: the twin of kds/domain/verbs, same order of checks, same words. A verb
-- runs in its own subtransaction, so it may stop at any point.
--
--   KD001  rejected; the message is the reason, for a person
--   KD002  conflict; the detail is the row as it is now

create type kds.op_context as (branch_id uuid, device_id text, at timestamptz);

create function kds.reject(reason text) returns void
language plpgsql as $$
begin
    raise sqlstate 'KD001' using message = reason;
end
$$;

-- -- reading arguments: the twin of kds/domain/args.py ---------------------------------------

create function kds.text_arg(args jsonb, name text) returns text
language plpgsql immutable as $$
begin
    if jsonb_typeof(args -> name) is distinct from 'string' or args ->> name !~ '\S' then
        perform kds.reject(name || ' is missing');
    end if;
    return args ->> name;
end
$$;

create function kds.optional_text_arg(args jsonb, name text) returns text
language plpgsql immutable as $$
begin
    if coalesce(jsonb_typeof(args -> name), 'null') not in ('string', 'null') then
        perform kds.reject(name || ' must be text');
    end if;
    return coalesce(args ->> name, '');
end
$$;

create function kds.choice_arg(args jsonb, name text, allowed text[]) returns text
language plpgsql immutable as $$
begin
    if not kds.text_arg(args, name) = any (allowed) then
        perform kds.reject(name || ' must be one of ' || array_to_string(allowed, ', '));
    end if;
    return args ->> name;
end
$$;

create function kds.integer_arg(
    args jsonb, name text, at_least bigint default null, if_absent bigint default null
) returns bigint
language plpgsql immutable as $$
declare
    value text := args ->> name;
begin
    if if_absent is not null and not args ? name then
        return if_absent;
    end if;
    if jsonb_typeof(args -> name) is distinct from 'number' or value !~ '^-?\d+$' then
        perform kds.reject(name || ' must be a whole number');
    end if;
    if value::bigint < at_least then
        perform kds.reject(name || ' must be at least ' || at_least);
    end if;
    return value::bigint;
end
$$;

create function kds.flag_arg(args jsonb, name text, if_absent boolean default null)
returns boolean
language plpgsql immutable as $$
begin
    if if_absent is not null and not args ? name then
        return if_absent;
    end if;
    if jsonb_typeof(args -> name) is distinct from 'boolean' then
        perform kds.reject(name || ' must be true or false');
    end if;
    return (args -> name)::boolean;
end
$$;

create function kds.object_arg(args jsonb, name text) returns jsonb
language plpgsql immutable as $$
begin
    if jsonb_typeof(args -> name) is distinct from 'object' then
        perform kds.reject(name || ' is missing');
    end if;
    return args -> name;
end
$$;

-- A list of at least `at_least` values of one JSON type; an absent one is empty.
create function kds.list_arg(args jsonb, name text, type text, at_least integer) returns jsonb
language plpgsql immutable as $$
declare
    list jsonb := coalesce(nullif(args -> name, 'null'), '[]');
begin
    if jsonb_typeof(list) <> 'array' or jsonb_array_length(list) < at_least then
        perform kds.reject(name || ' must name at least ' || at_least);
    end if;
    if exists (select from jsonb_array_elements(list) e where jsonb_typeof(e) <> type) then
        perform kds.reject(
            name || ' must be ' || case type when 'string' then 'texts' else type || 's' end
        );
    end if;
    return list;
end
$$;

-- -- orders ----------------------------------------------------------------------------------

create function kds.find_order(op kds.op_context, args jsonb) returns public.orders
language plpgsql set search_path = '' as $$
declare
    wanted text := kds.text_arg(args, 'order_id');
    found_order public.orders;
begin
    select * into found_order from public.orders o
    where o.branch_id = op.branch_id and o.id = wanted;
    if not found then
        perform kds.reject('unknown order');
    end if;
    return found_order;
end
$$;

create function kds.find_open_order(op kds.op_context, args jsonb) returns public.orders
language plpgsql set search_path = '' as $$
declare
    found_order public.orders := kds.find_order(op, args);
begin
    if found_order.state <> 'open' then
        perform kds.reject(format('order %s is %s', found_order.number, found_order.state));
    end if;
    return found_order;
end
$$;

create function kds.new_line(op kds.op_context, order_id text, place integer, line jsonb)
returns public.order_lines
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
    made.state := 'sent';
    made.sent_at := op.at;
    made.void_reason := '';
    return made;
end
$$;

-- The lines of the args, placed behind those that the order has.
create function kds.new_lines(op kds.op_context, order_id text, args jsonb)
returns public.order_lines[]
language plpgsql set search_path = '' as $$
declare
    place integer := coalesce((
        select max(l.position) from public.order_lines l
        where l.branch_id = op.branch_id and l.order_id = new_lines.order_id
    ), 0);
    line jsonb;
    made public.order_lines[] := '{}';
begin
    for line in select jsonb_array_elements(kds.list_arg(args, 'lines', 'object', 1)) loop
        place := place + 1;
        made := made || kds.new_line(op, order_id, place, line);
    end loop;
    return made;
end
$$;

-- Stock falls by recipe; a recipe of variant '' is for every variant.
create function kds.send_lines(op kds.op_context, lines public.order_lines[]) returns void
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
    update public.stock_items s set level = s.level - used.amount
    from (
        select r.stock_item_id, sum(r.qty * l.qty::bigint) as amount
        from unnest(lines) l
        join public.recipes r on r.branch_id = op.branch_id
            and r.item_id = l.item_id and r.variant in ('', l.variant)
        group by r.stock_item_id
    ) used
    where s.branch_id = op.branch_id and s.id = used.stock_item_id;
end
$$;

create function kds.total_of(lines public.order_lines[]) returns bigint
language sql immutable as $$
    select coalesce(sum(l.qty::bigint * l.price), 0)::bigint from unnest(lines) l
$$;

create function kds.place_order(op kds.op_context, args jsonb) returns void
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
    made.state := 'open';
    made.placed_at := op.at;
    made.paid := 0;
    lines := kds.new_lines(op, made.id, args);
    made.total := kds.total_of(lines);
    insert into public.orders select made.*;
    perform kds.send_lines(op, lines);
end
$$;

create function kds.add_lines(op kds.op_context, args jsonb) returns void
language plpgsql set search_path = '' as $$
declare
    target public.orders := kds.find_open_order(op, args);
    lines public.order_lines[] := kds.new_lines(op, target.id, args);
begin
    perform kds.send_lines(op, lines);
    update public.orders o set total = o.total + kds.total_of(lines), ready_at = null
    where o.branch_id = op.branch_id and o.id = target.id;
end
$$;

-- The order is ready when its last open line has gone and something is there to serve.
create function kds.settle(op kds.op_context, order_id text) returns void
language sql set search_path = '' as $$
    update public.orders o set ready_at = op.at
    where o.branch_id = op.branch_id and o.id = settle.order_id
        and (
            select bool_and(l.state in ('ready', 'void')) and bool_or(l.state = 'ready')
            from public.order_lines l
            where l.branch_id = op.branch_id and l.order_id = settle.order_id
        )
$$;

-- Stock is not given back: what was sent may be on the grill already.
create function kds.void_line(op kds.op_context, args jsonb) returns void
language plpgsql set search_path = '' set timezone = 'UTC' as $$
declare
    target public.orders := kds.find_order(op, args);
    wanted text := kds.text_arg(args, 'line_id');
    line public.order_lines;
begin
    select * into line from public.order_lines l
    where l.branch_id = op.branch_id and l.id = wanted and l.order_id = target.id;
    if not found then
        perform kds.reject('unknown line');
    end if;
    if line.state = 'ready' then
        raise sqlstate 'KD002' using
            message = 'it is ready already', detail = to_jsonb(line)::text;
    end if;
    if line.state = 'void' then
        return;
    end if;
    update public.order_lines l set
        state = 'void', voided_at = op.at, void_reason = kds.optional_text_arg(args, 'reason')
    where l.branch_id = op.branch_id and l.id = line.id;
    update public.orders o set total = o.total - line.qty::bigint * line.price
    where o.branch_id = op.branch_id and o.id = target.id;
    perform kds.settle(op, target.id);
end
$$;

create function kds.void_order(op kds.op_context, args jsonb) returns void
language plpgsql set search_path = '' as $$
declare
    target public.orders := kds.find_open_order(op, args);
begin
    if target.paid > 0 then
        perform kds.reject('refund first');
    end if;
    update public.order_lines l set
        state = 'void', voided_at = op.at, void_reason = kds.optional_text_arg(args, 'reason')
    where l.branch_id = op.branch_id and l.order_id = target.id and l.state <> 'void';
    update public.orders o set state = 'void', closed_at = op.at, total = 0
    where o.branch_id = op.branch_id and o.id = target.id;
end
$$;

create function kds.close_order(op kds.op_context, args jsonb) returns void
language plpgsql set search_path = '' as $$
declare
    target public.orders := kds.find_open_order(op, args);
begin
    if exists (
        select from public.order_lines l
        where l.branch_id = op.branch_id and l.order_id = target.id
            and l.state in ('sent', 'started')
    ) then
        perform kds.reject(format('order %s is still being made', target.number));
    end if;
    update public.orders o set state = 'closed', closed_at = op.at
    where o.branch_id = op.branch_id and o.id = target.id;
end
$$;

-- -- the kitchen: doing what is done already is no mistake ---------------------------------------

-- The lines that line_ids names; all of them must be of the order.
create function kds.named_lines(op kds.op_context, order_id text, args jsonb) returns text[]
language plpgsql set search_path = '' as $$
declare
    named text[] := array(
        select distinct jsonb_array_elements_text(kds.list_arg(args, 'line_ids', 'string', 1))
    );
begin
    if cardinality(named) <> (
        select count(*) from public.order_lines l
        where l.branch_id = op.branch_id and l.id = any (named)
            and l.order_id = named_lines.order_id
    ) then
        perform kds.reject('unknown line');
    end if;
    return named;
end
$$;

create function kds.start(op kds.op_context, args jsonb) returns void
language plpgsql set search_path = '' as $$
declare
    target public.orders := kds.find_order(op, args);
    named text[] := kds.named_lines(op, target.id, args);
begin
    update public.order_lines l set state = 'started', started_at = op.at
    where l.branch_id = op.branch_id and l.id = any (named) and l.state = 'sent';
end
$$;

create function kds.bump(op kds.op_context, args jsonb) returns void
language plpgsql set search_path = '' as $$
declare
    target public.orders := kds.find_order(op, args);
    named text[] := kds.named_lines(op, target.id, args);
begin
    update public.order_lines l set state = 'ready', ready_at = op.at
    where l.branch_id = op.branch_id and l.id = any (named) and l.state in ('sent', 'started');
    if found then
        perform kds.settle(op, target.id);
    end if;
end
$$;

create function kds.recall(op kds.op_context, args jsonb) returns void
language plpgsql set search_path = '' as $$
declare
    target public.orders := kds.find_open_order(op, args);
    named text[] := kds.named_lines(op, target.id, args);
begin
    update public.order_lines l set state = 'sent', started_at = null, ready_at = null
    where l.branch_id = op.branch_id and l.id = any (named) and l.state = 'ready';
    if found then
        update public.orders o set ready_at = null
        where o.branch_id = op.branch_id and o.id = target.id;
    end if;
end
$$;

-- -- money, menu, stock ------------------------------------------------------------------------

create function kds.pay(op kds.op_context, args jsonb) returns void
language plpgsql set search_path = '' as $$
declare
    target public.orders := kds.find_order(op, args);
    payment jsonb := kds.object_arg(args, 'payment');
    payment_id text := kds.text_arg(payment, 'id');
    amount bigint := kds.integer_arg(payment, 'amount', at_least => 1);
begin
    if exists (
        select from public.payments p where p.branch_id = op.branch_id and p.id = payment_id
    ) then
        perform kds.reject('duplicate payment');
    end if;
    -- The floor first, so that its poke is first too: a terminal that hears of the payment has
    -- the order's new sum already.
    update public.orders o set paid = o.paid + amount
    where o.branch_id = op.branch_id and o.id = target.id;
    insert into public.payments (
        id, branch_id, order_id, device_id, tender, amount, taken_at, archived_at
    )
    values (
        payment_id, op.branch_id, target.id, op.device_id,
        kds.choice_arg(payment, 'tender', array['cash', 'card']), amount, op.at,
        target.archived_at
    );
end
$$;

create function kds.eighty_six(op kds.op_context, args jsonb) returns void
language plpgsql set search_path = '' as $$
declare
    wanted text := kds.text_arg(args, 'item_id');
begin
    if not exists (
        select from public.menu_items i where i.branch_id = op.branch_id and i.id = wanted
    ) then
        perform kds.reject('unknown item');
    end if;
    update public.menu_items i
    set out_since = case when kds.flag_arg(args, 'out') then op.at end
    where i.branch_id = op.branch_id and i.id = wanted;
end
$$;

create function kds.adjust_stock(op kds.op_context, args jsonb) returns void
language plpgsql set search_path = '' as $$
declare
    wanted text := kds.text_arg(args, 'stock_item_id');
begin
    if not exists (
        select from public.stock_items s where s.branch_id = op.branch_id and s.id = wanted
    ) then
        perform kds.reject('unknown stock item');
    end if;
    update public.stock_items s set level = s.level + kds.integer_arg(args, 'delta')
    where s.branch_id = op.branch_id and s.id = wanted;
end
$$;

revoke execute on all functions in schema kds from public;
