-- Writes: a terminal hands in commands, each gets its outcome, effect and outcome commit
-- together. What an op looks like: kds/domain/commands.py.

create function kds.may_do(role text, kind text) returns boolean
language sql immutable as $$
    select role = 'manager'
        or role = 'kitchen' and kind in ('start', 'bump', 'recall', 'eighty_six', 'adjust_stock')
        or role = 'pos' and kind not in ('start', 'adjust_stock')
$$;

create function kds.run_verb(op kds.op_context, kind text, role text, args jsonb) returns void
language plpgsql set search_path = '' as $$
begin
    if not kind in (
        'place_order', 'add_lines', 'void_line', 'void_order', 'close_order', 'start', 'bump',
        'recall', 'pay', 'eighty_six', 'adjust_stock'
    ) then
        perform kds.reject('this version does not know how to ' || replace(kind, '_', ' '));
    end if;
    if not kds.may_do(role, kind) then
        perform kds.reject(format('a %s device may not %s', role, replace(kind, '_', ' ')));
    end if;
    case kind
        when 'place_order' then perform kds.place_order(op, args);
        when 'add_lines' then perform kds.add_lines(op, args);
        when 'void_line' then perform kds.void_line(op, args);
        when 'void_order' then perform kds.void_order(op, args);
        when 'close_order' then perform kds.close_order(op, args);
        when 'start' then perform kds.start(op, args);
        when 'bump' then perform kds.bump(op, args);
        when 'recall' then perform kds.recall(op, args);
        when 'pay' then perform kds.pay(op, args);
        when 'eighty_six' then perform kds.eighty_six(op, args);
        when 'adjust_stock' then perform kds.adjust_stock(op, args);
    end case;
end
$$;

-- How far the branch's streams are, as far as this op's effect can reach: every op may depend
-- on the floor, only one that wrote to the office depends on that. (A terminal that may not
-- read the office must never wait for it.)
create function kds.revs_of(branch uuid) returns jsonb
language sql set search_path = '' as $$
    select jsonb_object_agg(s.stream_id, s.rev) from public.streams s
    where s.branch_id = branch
        and (s.class = 'floor' or current_setting(kds.mark_of(s.stream_id), true) <> '')
$$;

-- Runs one op in a subtransaction: {result, reason, remote, revs}. What is the op's own fault
-- is an outcome. What is not (a deadlock, a full disk) ends the whole call, to be asked again.
create function kds.try_op(branch uuid, device public.devices, op jsonb) returns jsonb
language plpgsql set search_path = '' set timezone = 'UTC' as $$
declare
    remote text;
begin
    perform set_config('kds.op_id', op ->> 'op_id', true);
    perform kds.run_verb(
        row(branch, device.id, least(kds.text_arg(op, 'at')::timestamptz, now())),
        kds.text_arg(op, 'kind'), device.role, kds.object_arg(op, 'args')
    );
    return jsonb_build_object('result', 'applied', 'reason', '', 'revs', kds.revs_of(branch));
exception
    when sqlstate 'KD001' then
        return jsonb_build_object('result', 'rejected', 'reason', sqlerrm, 'revs', '{}'::jsonb);
    when sqlstate 'KD002' then
        get stacked diagnostics remote = pg_exception_detail;
        return jsonb_build_object(
            'result', 'conflict', 'reason', sqlerrm, 'remote', remote::jsonb,
            'revs', kds.revs_of(branch)
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

-- Whether this is an op at all. Of what is not, not even the number is known, so nothing can be
-- recorded.
create function kds.is_op(op jsonb) returns boolean
language sql immutable as $$
    select coalesce(
        jsonb_typeof(op -> 'seq') = 'number' and op ->> 'seq' ~ '^[1-9]\d{0,17}$'
            and op ->> 'op_id' ~ '\S' and op ->> 'lane' ~ '\S',
        false
    )
$$;

-- The outcome of an op that was answered before; null for a new one. A second op under an old
-- number means that two disks think they are this terminal: {"clone": true}.
create function kds.earlier_outcome(device text, this_seq bigint, this_hash text)
returns jsonb
language plpgsql stable set search_path = '' as $$
declare
    earlier kds.outcomes;
begin
    select * into earlier from kds.outcomes o where o.device_id = device and o.seq = this_seq;
    if not found then
        -- Answered so long ago that the outcome is pruned: a dead letter would still be there.
        return (
            select jsonb_build_object('result', 'duplicate', 'first', coalesce((
                select 'rejected' from kds.dead_letters l
                where l.device_id = device and l.seq = this_seq
            ), 'applied'))
            from kds.devices_private p
            where p.device_id = device and p.last_seq >= this_seq
        );
    end if;
    if earlier.hash <> this_hash then
        return '{"clone": true}';
    end if;
    return jsonb_build_object(
        'result', 'duplicate', 'first', earlier.result, 'reason', earlier.reason,
        'remote', earlier.remote, 'revs', earlier.revs
    );
end
$$;

-- One op to its outcome, recorded.
create function kds.take_op(branch uuid, device public.devices, op jsonb) returns jsonb
language plpgsql set search_path = '' as $$
declare
    this_seq bigint;
    this_lane text;
    hash text := md5(op::text);
    before_it text;
    outcome jsonb;
begin
    if not kds.is_op(op) then
        return '{"result": "rejected", "reason": "this is not an op that the server can read"}';
    end if;
    this_seq := op -> 'seq';
    this_lane := op ->> 'lane';
    outcome := kds.earlier_outcome(device.id, this_seq, hash);
    if outcome is not null then
        return outcome;
    end if;
    select l.op_id into before_it from kds.dead_letters l
    where l.device_id = device.id and l.lane = this_lane and l.resolved_at is null
    order by l.seq limit 1;
    if found then
        -- Not recorded: it is asked again when the way is free.
        return jsonb_build_object('result', 'blocked', 'blocked_by', before_it);
    end if;
    outcome := kds.try_op(branch, device, op);
    insert into kds.outcomes (device_id, seq, op_id, hash, result, reason, remote, revs)
    values (
        device.id, this_seq, op ->> 'op_id', hash, outcome ->> 'result', outcome ->> 'reason',
        outcome -> 'remote', outcome -> 'revs'
    );
    if outcome ->> 'result' = 'rejected' then
        insert into kds.dead_letters (device_id, op_id, branch_id, seq, lane, op, reason)
        values (
            device.id, op ->> 'op_id', branch, this_seq, this_lane, op, outcome ->> 'reason'
        )
        on conflict do nothing;
    end if;
    return outcome;
end
$$;

-- Move last_seq to the end of the unbroken run of outcomes.
create function kds.advance_last_seq(device text) returns void
language plpgsql set search_path = '' as $$
declare
    reached bigint := (
        select p.last_seq from kds.devices_private p where p.device_id = device
    );
    before_it bigint := reached;
begin
    while exists (
        select from kds.outcomes o where o.device_id = device and o.seq = reached + 1
    ) loop
        reached := reached + 1;
    end loop;
    if reached > before_it then
        update kds.devices_private p set last_seq = reached where p.device_id = device;
    end if;
end
$$;

-- The terminal that calls, if it may; raises otherwise.
create function kds.calling_device(device text) returns public.devices
language plpgsql set search_path = '' as $$
declare
    caller public.devices;
begin
    select * into caller from public.devices d where d.id = device;
    if not found then
        raise sqlstate '42501' using message = 'This terminal is not registered.';
    end if;
    perform kds.require_account(caller.branch_id, caller.role);
    if exists (
        select from kds.devices_private p
        where p.device_id = device and p.quarantined_at is not null
    ) then
        raise sqlstate 'PT409' using message = kds.quarantine_notice();
    end if;
    return caller;
end
$$;

create function kds.quarantine_notice() returns text
language sql immutable as $$
    select 'Two machines are using this terminal''s data. It is locked until a manager has '
        'looked at it; set one of them up anew.'
$$;

-- All ops of a call are one transaction: one rev per stream.
create function public.apply_ops(device_id uuid, ops jsonb) returns jsonb
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

-- Locks the terminal out. An error would undo that, so the answer is a result with an error's
-- status and body (PostgREST reads response.status); the ops before the clone's stay applied.
create function kds.quarantine(device public.devices) returns jsonb
language plpgsql set search_path = '' as $$
begin
    update kds.devices_private p set quarantined_at = now() where p.device_id = device.id;
    perform set_config('response.status', '409', true);
    return jsonb_build_object(
        'code', 'PT409', 'message', kds.quarantine_notice(), 'details', null, 'hint', null
    );
end
$$;

revoke execute on all functions in schema kds from public;
revoke execute on function public.apply_ops from public, anon;
grant execute on function public.apply_ops to authenticated, service_role;
