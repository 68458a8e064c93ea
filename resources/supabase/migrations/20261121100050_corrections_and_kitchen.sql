-- What is corrected after it was sent, and what cooks do at their stations: the twin of
-- kds/domain/verbs/corrections.py and kitchen.py.

create function kds.find_line(op kds.op_context, order_id text, args jsonb)
returns public.order_lines
language plpgsql set search_path = '' as $$
declare
    wanted text := kds.text_arg(args, 'line_id');
    line public.order_lines;
begin
    select * into line from public.order_lines l
    where l.branch_id = op.branch_id and l.id = wanted and l.order_id = find_line.order_id;
    if not found then
        perform kds.reject('unknown line');
    end if;
    return line;
end
$$;

-- `force`: a person knows that the line is ready and does it all the same.
create function kds.require_not_ready(line public.order_lines, args jsonb) returns void
language plpgsql stable set search_path = '' set timezone = 'UTC' as $$
begin
    if not kds.flag_arg(args, 'force', if_absent => false) and line.state = 'ready' then
        raise sqlstate 'KD002' using
            message = 'it is ready already', detail = to_jsonb(line)::text, table = 'order_lines';
    end if;
end
$$;

create or replace function kds.void_line(op kds.op_context, args jsonb) returns void
language plpgsql set search_path = '' as $$
declare
    target public.orders := kds.find_order(op, args);
    line public.order_lines := kds.find_line(op, target.id, args);
begin
    perform kds.require_not_ready(line, args);
    if line.state = 'void' then
        return;
    end if;
    perform kds.save_line(kds.voided(line, kds.optional_text_arg(args, 'reason'), op.at));
    update public.orders o set total = o.total - line.qty::bigint * line.price
    where o.branch_id = op.branch_id and o.id = target.id;
    if line.state <> 'ready' then
        perform kds.settle(op, target.id);
        perform kds.fire_next(op, target, array[line.course]);
    end if;
end
$$;

create function kds.change_qty(op kds.op_context, args jsonb) returns void
language plpgsql set search_path = '' as $$
declare
    target public.orders := kds.find_order(op, args);
    line public.order_lines := kds.find_line(op, target.id, args);
    new_qty integer := kds.integer_arg(args, 'qty', at_least => 1);
    more integer := new_qty - line.qty;
begin
    perform kds.require_not_ready(line, args);
    if line.state = 'void' then
        perform kds.reject('the line is void');
    end if;
    if more = 0 then
        return;
    end if;
    if more > 0 and line.state = 'ready' then -- nobody would make what is missing
        perform kds.reject('it is ready already: send what is missing as more of the order');
    end if;
    perform kds.save_line(kds.resized(line, new_qty, op.at));
    update public.orders o set total = o.total + more::bigint * line.price
    where o.branch_id = op.branch_id and o.id = target.id;
    if more > 0 then
        line.qty := more;
        perform kds.use_stock(op, array[line]);
    end if;
end
$$;

-- -- the kitchen -------------------------------------------------------------------------------

create function kds.stations_arg(args jsonb) returns text[]
language sql immutable set search_path = '' as $$
    select array(select jsonb_array_elements_text(kds.list_arg(args, 'stations', 'string', 0)))
$$;

-- The lines that the args name; all of them must be of the order.
drop function kds.named_lines(kds.op_context, text, jsonb);
create function kds.find_lines(op kds.op_context, order_id text, args jsonb)
returns public.order_lines[]
language plpgsql set search_path = '' as $$
declare
    named text[] := array(
        select distinct jsonb_array_elements_text(kds.list_arg(args, 'line_ids', 'string', 1))
    );
    lines public.order_lines[] := array(
        select l from public.order_lines l
        where l.branch_id = op.branch_id and l.id = any (named)
            and l.order_id = find_lines.order_id
    );
begin
    if cardinality(lines) < cardinality(named) then
        perform kds.reject('unknown line');
    end if;
    return lines;
end
$$;

-- Acts on the lines that are named, at the stations that are: those that have changed, as they
-- were and as they are.
create function kds.change_lines(
    op kds.op_context, kind text, order_id text, args jsonb,
    out was public.order_lines, out line public.order_lines
) returns setof record
language plpgsql set search_path = '' as $$
declare
    lines public.order_lines[] := kds.find_lines(op, order_id, args);
    here text[] := kds.stations_arg(args);
begin
    foreach was in array lines loop
        line := case kind
            when 'start' then kds.begun(op, was, here)
            when 'bump' then kds.acknowledged(kds.made(op, was, here), here)
            when 'recall' then kds.taken_back(was, here)
            when 'acknowledge' then kds.acknowledged(was, here)
        end;
        if line is distinct from was then
            perform kds.save_line(line);
            return next;
        end if;
    end loop;
end
$$;

create or replace function kds.start(op kds.op_context, args jsonb) returns void
language plpgsql set search_path = '' as $$
declare
    target public.orders := kds.find_order(op, args);
begin
    perform from kds.change_lines(op, 'start', target.id, args);
end
$$;

-- Who bumps a line has also seen what is flagged about it.
create or replace function kds.bump(op kds.op_context, args jsonb) returns void
language plpgsql set search_path = '' as $$
declare
    target public.orders := kds.find_order(op, args);
    done integer[] := array(
        select (c.line).course from kds.change_lines(op, 'bump', target.id, args) c
        where (c.was).state in ('sent', 'started') and (c.line).state = 'ready'
    );
begin
    if done <> '{}' then
        perform kds.settle(op, target.id);
        perform kds.fire_next(op, target, done);
    end if;
end
$$;

create or replace function kds.recall(op kds.op_context, args jsonb) returns void
language plpgsql set search_path = '' as $$
declare
    target public.orders := kds.find_open_order(op, args);
begin
    perform from kds.change_lines(op, 'recall', target.id, args);
    if found then
        update public.orders o set ready_at = null, assembled_at = null, handed_at = null
        where o.branch_id = op.branch_id and o.id = target.id;
    end if;
end
$$;

create function kds.acknowledge(op kds.op_context, args jsonb) returns void
language plpgsql set search_path = '' as $$
declare
    target public.orders := kds.find_order(op, args);
begin
    perform from kds.change_lines(op, 'acknowledge', target.id, args);
end
$$;

revoke execute on all functions in schema kds from public;
