-- The twin of kds/domain/verbs/desk.py and expo.py, and every kind that a terminal may ask for.

create function kds.mark(op kds.op_context, args jsonb) returns void
language plpgsql set search_path = '' as $$
declare
    target public.orders := kds.find_order(op, args);
begin
    target.rush := kds.flag_arg(args, 'rush', if_absent => target.rush);
    target.vip := kds.flag_arg(args, 'vip', if_absent => target.vip);
    update public.orders o set rush = target.rush, vip = target.vip
    where o.branch_id = op.branch_id and o.id = target.id;
end
$$;

create function kds.ask(op kds.op_context, args jsonb) returns void
language plpgsql set search_path = '' as $$
declare
    target public.orders := kds.find_order(op, args);
    new jsonb := kds.object_arg(args, 'question');
    question jsonb := jsonb_build_object(
        'id', kds.text_arg(new, 'id'),
        'text', kds.text_arg(new, 'text'),
        'options', kds.list_arg(new, 'options', 'string', 0),
        'asked_by', op.actor, 'asked_at', op.at,
        'answer', '', 'answered_by', '', 'answered_at', null
    );
begin
    if target.questions @> jsonb_build_array(jsonb_build_object('id', question -> 'id')) then
        perform kds.reject('duplicate question');
    end if;
    update public.orders o set questions = o.questions || question
    where o.branch_id = op.branch_id and o.id = target.id;
end
$$;

-- The first answer stands.
create function kds.answer(op kds.op_context, args jsonb) returns void
language plpgsql set search_path = '' as $$
declare
    target public.orders := kds.find_order(op, args);
    wanted text := kds.text_arg(args, 'question_id');
    told jsonb := jsonb_build_object(
        'answer', kds.text_arg(args, 'answer'), 'answered_by', op.actor, 'answered_at', op.at
    );
begin
    if not target.questions @> jsonb_build_array(jsonb_build_object('id', wanted)) then
        perform kds.reject('unknown question');
    end if;
    update public.orders o set questions = (
        select jsonb_agg(
            case
                when q.question ->> 'id' = wanted and q.question ->> 'answer' = ''
                then q.question || told
                else q.question
            end order by q.n
        )
        from jsonb_array_elements(o.questions) with ordinality q (question, n)
    )
    where o.branch_id = op.branch_id and o.id = target.id;
end
$$;

-- On the pass, and away from it: the first time counts. What was added while it was put together
-- is still to come.
create function kds.assemble(op kds.op_context, args jsonb) returns void
language plpgsql set search_path = '' as $$
declare
    target public.orders := kds.find_order(op, args);
    done boolean := kds.flag_arg(args, 'done');
begin
    if done then
        perform kds.require_made(op, target);
    end if;
    update public.orders o
    set assembled_at = case when done then coalesce(o.assembled_at, op.at) end
    where o.branch_id = op.branch_id and o.id = target.id;
end
$$;

create function kds.hand_over(op kds.op_context, args jsonb) returns void
language plpgsql set search_path = '' as $$
declare
    target public.orders := kds.find_order(op, args);
    done boolean := kds.flag_arg(args, 'done');
begin
    if done then
        perform kds.require_made(op, target);
    end if;
    update public.orders o set handed_at = case when done then coalesce(o.handed_at, op.at) end
    where o.branch_id = op.branch_id and o.id = target.id;
end
$$;

create function kds.find_station(op kds.op_context, wanted text, otherwise text)
returns public.stations
language plpgsql set search_path = '' as $$
declare
    station public.stations;
begin
    select * into station from public.stations s
    where s.branch_id = op.branch_id and s.id = wanted;
    if not found then
        perform kds.reject(otherwise);
    end if;
    return station;
end
$$;

-- Not by one that is covered itself: its screens may be the ones that are dark.
create function kds.cover(op kds.op_context, args jsonb) returns void
language plpgsql set search_path = '' as $$
declare
    wanted text := kds.text_arg(args, 'station_id');
    stand_in text := kds.optional_text_arg(args, 'by');
    station public.stations := kds.find_station(op, wanted, 'unknown station');
    other public.stations;
begin
    if stand_in <> '' then
        other := kds.find_station(op, stand_in, 'unknown stand-in');
        if stand_in = wanted then
            perform kds.reject(station.name || ' cannot stand in for itself');
        end if;
        if other.covered_by <> '' then
            perform kds.reject(other.name || ' is covered itself');
        end if;
    end if;
    update public.stations s set covered_by = stand_in
    where s.branch_id = op.branch_id and s.id = wanted;
end
$$;

create or replace function kds.may_do(role text, kind text) returns boolean
language sql immutable as $$
    select role = 'manager'
        or role = 'kitchen' and kind in (
            'start', 'bump', 'recall', 'acknowledge', 'ask', 'adjust_stock', 'eighty_six', 'fire',
            'hold', 'mark', 'assemble', 'hand_over', 'cover'
        )
        or role = 'pos' and kind not in (
            'start', 'adjust_stock', 'acknowledge', 'ask', 'assemble', 'cover'
        )
$$;

create or replace function kds.run_verb(op kds.op_context, kind text, role text, args jsonb)
returns void
language plpgsql set search_path = '' as $$
begin
    if not kind in (
        'place_order', 'add_lines', 'change_qty', 'void_line', 'void_order', 'close_order', 'pay',
        'answer', 'fire', 'hold', 'mark', 'eighty_six', 'start', 'bump', 'recall', 'acknowledge',
        'ask', 'adjust_stock', 'assemble', 'hand_over', 'cover'
    ) then
        perform kds.reject('this version does not know how to ' || replace(kind, '_', ' '));
    end if;
    if not kds.may_do(role, kind) then
        perform kds.reject(format('a %s device may not %s', role, replace(kind, '_', ' ')));
    end if;
    case kind
        when 'place_order' then perform kds.place_order(op, args);
        when 'add_lines' then perform kds.add_lines(op, args);
        when 'change_qty' then perform kds.change_qty(op, args);
        when 'void_line' then perform kds.void_line(op, args);
        when 'void_order' then perform kds.void_order(op, args);
        when 'close_order' then perform kds.close_order(op, args);
        when 'pay' then perform kds.pay(op, args);
        when 'answer' then perform kds.answer(op, args);
        when 'fire' then perform kds.fire(op, args);
        when 'hold' then perform kds.hold(op, args);
        when 'mark' then perform kds.mark(op, args);
        when 'eighty_six' then perform kds.eighty_six(op, args);
        when 'start' then perform kds.start(op, args);
        when 'bump' then perform kds.bump(op, args);
        when 'recall' then perform kds.recall(op, args);
        when 'acknowledge' then perform kds.acknowledge(op, args);
        when 'ask' then perform kds.ask(op, args);
        when 'adjust_stock' then perform kds.adjust_stock(op, args);
        when 'assemble' then perform kds.assemble(op, args);
        when 'hand_over' then perform kds.hand_over(op, args);
        when 'cover' then perform kds.cover(op, args);
    end case;
end
$$;

-- As before; a verb knows who acts.
create or replace function kds.try_op(branch uuid, device public.devices, op jsonb) returns jsonb
language plpgsql set search_path = '' set timezone = 'UTC' as $$
declare
    max_version constant numeric := 1;
    remote text;
    table_of_remote text;
begin
    perform set_config('kds.op_id', op ->> 'op_id', true);
    if jsonb_typeof(op -> 'v') = 'number' and (op ->> 'v')::numeric > max_version then
        perform kds.reject('this needs a newer version of kds');
    end if;
    perform kds.run_verb(
        row(
            branch, device.id, least(kds.text_arg(op, 'at')::timestamptz, now()),
            coalesce(op ->> 'actor', '')
        ),
        kds.text_arg(op, 'kind'), device.role, kds.object_arg(op, 'args')
    );
    return jsonb_build_object('result', 'applied', 'reason', '', 'revs', kds.revs_of(branch));
exception
    when sqlstate 'KD001' then
        return jsonb_build_object('result', 'rejected', 'reason', sqlerrm, 'revs', '{}'::jsonb);
    when sqlstate 'KD002' then
        get stacked diagnostics
            remote = pg_exception_detail, table_of_remote = table_name;
        return jsonb_build_object(
            'result', 'conflict', 'reason', sqlerrm, 'revs', kds.revs_of(branch),
            'remote', kds.with_last_change(branch, table_of_remote, remote::jsonb)
        );
    when others then
        if left(sqlstate, 2) in ('40', '53', '54', '55', '57', '58', 'XX') then
            raise;
        end if;
        return jsonb_build_object(
            'result', 'rejected', 'reason', 'the server cannot do this: ' || sqlerrm,
            'revs', '{}'::jsonb
        );
end
$$;

revoke execute on all functions in schema kds from public;
